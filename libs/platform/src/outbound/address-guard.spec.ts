import { isAllowedAddress } from './address-guard.js';

const PUBLIC = ['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.63.255.255', '11.0.0.1', '1.1.1.1'];
const PUBLIC_V6 = ['2606:4700::1111', '2a00:1450:4001:80e::200e', '::ffff:8.8.8.8'];

const PRIVATE = ['10.1.2.3', '127.0.0.1', '127.255.255.254', '172.16.0.1', '172.31.255.255'];
const PRIVATE_TOO = ['192.168.1.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1'];

const NEVER = [
  '0.0.0.0',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '169.254.169.254',
  '169.254.0.1',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '::127.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  '::1%lo',
  'fec0::1',
  'ff02::1',
  '127.1',
  '0x7f000001',
  '2130706433',
  '0177.0.0.1',
  'localhost',
  '',
];

describe('addresses we may call', () => {
  test.each([...PUBLIC, ...PUBLIC_V6])('%s is public', (address) => {
    expect(isAllowedAddress(address, false)).toBe(true);
    expect(isAllowedAddress(address, true)).toBe(true);
  });

  test.each([...PRIVATE, ...PRIVATE_TOO])('%s is for development only', (address) => {
    expect(isAllowedAddress(address, false)).toBe(false);
    expect(isAllowedAddress(address, true)).toBe(true);
  });

  test.each(NEVER)('"%s" is refused even in development', (address) => {
    expect(isAllowedAddress(address, false)).toBe(false);
    expect(isAllowedAddress(address, true)).toBe(false);
  });
});

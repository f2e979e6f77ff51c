import { CookieJar } from './cookie-jar.js';

const site = 'http://127.0.0.1:4000/lti/login';

test.each([
  ['a=1; Path=/; Secure; SameSite=None', 'a=1', 'a=1'],
  ['a=1; Path=/; SameSite=Lax', '', 'a=1'],
  ['a=1; Path=/', '', 'a=1'],
  ['a=1; Path=/; SameSite=None', '', 'a=1'],
  ['__Host-a=1; Path=/; Secure; SameSite=None; Partitioned', '__Host-a=1', '__Host-a=1'],
  ['__Host-a=1; Path=/lti; Secure; SameSite=None', '', ''],
  ['__Host-a=1; Path=/; SameSite=None', '', ''],
  ['a=1; Path=/other; Secure; SameSite=None', '', ''],
  ['a=1; Path=/; Secure; SameSite=None; Max-Age=0', '', ''],
])('%s is sent across sites as "%s" and within one as "%s"', (line, across, within) => {
  const jars = [new CookieJar(), new CookieJar({ crossSite: false })];
  for (const jar of jars) jar.store(site, [line]);
  expect(jars.map((jar) => jar.header('http://127.0.0.1:4000/lti/launch'))).toEqual([
    across,
    within,
  ]);
});

test('a cookie can be taken back, and goes to its own host only', () => {
  const jar = new CookieJar();
  jar.store(site, ['a=1; Path=/; Secure; SameSite=None']);
  expect(jar.header('http://localhost:4000/')).toBe('');
  jar.store(site, ['a=; Path=/; Secure; SameSite=None; Expires=Thu, 01 Jan 1970 00:00:00 GMT']);
  expect(jar.all()).toEqual([]);
});

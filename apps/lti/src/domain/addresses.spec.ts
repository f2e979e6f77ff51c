import { cookieName, readCookie, setCookie } from './browser-cookie.js';
import { parseForm } from './form.js';
import { lineItemsOfLinkUrl, resultsUrl, serviceUrl } from './grade-service-urls.js';
import { frameAncestors, isAllowedUrl } from './hosts.js';
import { nextPageUrl } from './link-header.js';
import { authenticationUrl } from './login-request.js';

describe('grade service addresses', () => {
  test.each([
    ['https://lms/li/1', 'https://lms/li/1/scores'],
    ['https://lms/li/1/', 'https://lms/li/1/scores'],
    ['https://lms/li/1/lineitem?type_id=1', 'https://lms/li/1/lineitem/scores?type_id=1'],
  ])('%s takes scores at %s', (lineItem, scores) => {
    expect(serviceUrl(lineItem, 'scores')).toBe(scores);
  });

  test('filters are added to the query and encoded', () => {
    expect(resultsUrl('https://lms/li?type_id=1', 'a&b=c')).toBe(
      'https://lms/li/results?type_id=1&user_id=a%26b%3Dc',
    );
    expect(lineItemsOfLinkUrl('https://lms/all', 'r 1')).toBe(
      'https://lms/all?resource_link_id=r+1',
    );
  });
});

describe('the next page', () => {
  test.each([
    ['<https://lms/a?p=2&q=A>; rel="next"', 'https://lms/a?p=2&q=A'],
    ['<https://lms/a?p=2>; rel=next', 'https://lms/a?p=2'],
    ['<https://lms/a?p=2&amp;q=1>; rel=“next”', 'https://lms/a?p=2&q=1'],
    ['<https://lms/a?p=2>; rel=\u00e2\u0080\u009cnext\u00e2\u0080\u009d', 'https://lms/a?p=2'],
    ['<https://lms/a?x=1,2>; rel="first", <https://lms/b>; rel="next last"', 'https://lms/b'],
    ['<https://lms/a>; rel="prev"', undefined],
    ['', undefined],
  ])('of %s is %s', (header, url) => {
    expect(nextPageUrl(header)).toBe(url);
  });

  test('is found among several headers', () => {
    expect(nextPageUrl(['<https://a>; rel="prev"', '<https://b>; rel="next"'])).toBe('https://b');
  });
});

describe('hosts', () => {
  const hosts = ['lms.example', 'lms.example:8443'];

  test.each([
    ['https://lms.example/x', true],
    ['https://LMS.example/x', true],
    ['https://lms.example:8443/x', true],
    ['https://lms.example:444/x', false],
    ['http://lms.example/x', false],
    ['https://lms.example.evil.example/x', false],
    ['https://evil.example/lms.example', false],
    ['https://lms.example@evil.example/', false],
    ['https://user@lms.example/', false],
    ['javascript:alert(1)', false],
    ['//lms.example/x', false],
    ['', false],
  ])('%s allowed: %s', (url, allowed) => {
    expect(isAllowedUrl(url, hosts, false)).toBe(allowed);
  });

  test('a host that is no host never reaches the policy', () => {
    expect(frameAncestors(['lms.example', "x; script-src 'unsafe-inline'"], false)).toEqual([
      'https://lms.example',
    ]);
  });
});

test('our parameters are set in a query that is there, and never twice', () => {
  const url = authenticationUrl('https://lms/auth?tool=7&nonce=theirs', {
    nonce: 'a b',
    hint: '{"x":1}',
  });
  expect(url).toBe('https://lms/auth?tool=7&nonce=a+b&hint=%7B%22x%22%3A1%7D');
});

test('a name that comes twice is refused', () => {
  expect(() => parseForm('a=1&b=2&a=1', 100)).toThrow('parameter_repeated');
  expect(() => parseForm('a=1&%61=2', 100)).toThrow('parameter_repeated');
  expect(() => parseForm(`a=${'x'.repeat(100)}`, 100)).toThrow('request_too_large');
});

describe('the cookie', () => {
  test('is bound to the host over https and readable by name', () => {
    const name = cookieName('abcdefghijklmnopqrstuvwxyz', 'https://tool.example');
    expect(name).toBe('__Host-lti_abcdefghijklmnop');
    expect(setCookie(name, 'v', 'https://tool.example', 600)).toBe(
      `${name}=v; Path=/; HttpOnly; Max-Age=600; Secure; SameSite=None; Partitioned`,
    );
    expect(readCookie(`a=1; ${name}=v; b=2`, name)).toBe('v');
  });

  test('two values of one name are none', () => {
    expect(readCookie('lti_a=1; lti_a=2', 'lti_a')).toBeUndefined();
    expect(readCookie('xlti_a=1', 'lti_a')).toBeUndefined();
    expect(readCookie(undefined, 'lti_a')).toBeUndefined();
  });

  test('has a plain name over http', () => {
    expect(cookieName('abc;def', 'http://127.0.0.1:3000')).toBe('lti_abcdef');
    expect(setCookie('lti_a', 'v', 'http://tool.internal', 1)).not.toContain('Secure');
  });
});

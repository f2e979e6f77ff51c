/** `…/lineitem?type_id=1` becomes `…/lineitem/scores?type_id=1`: the query stays the last. */
export function serviceUrl(lineItemUrl: string, tail: 'scores' | 'results'): string {
  const url = new URL(lineItemUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${tail}`;
  return url.href;
}

export function resultsUrl(lineItemUrl: string, subject: string): string {
  const url = new URL(serviceUrl(lineItemUrl, 'results'));
  url.searchParams.set('user_id', subject);
  return url.href;
}

export function lineItemsOfLinkUrl(lineItemsUrl: string, resourceLinkId: string): string {
  const url = new URL(lineItemsUrl);
  url.searchParams.set('resource_link_id', resourceLinkId);
  return url.href;
}

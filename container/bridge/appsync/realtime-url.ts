const standardDomain = /^https:\/\/[a-z0-9]+\.appsync-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/graphql$/;

/**
 * Where an API serves its subscriptions (AppSync developer guide, "Building a real-time WebSocket client"):
 * a standard domain has one of its own for them, any other serves them below its GraphQL path.
 */
export function realtimeUrl(graphqlUrl: string): string {
  const url = standardDomain.test(graphqlUrl)
    ? graphqlUrl.replace('.appsync-api.', '.appsync-realtime-api.')
    : `${graphqlUrl}/realtime`;
  return url.replace(/^http/, 'ws');
}

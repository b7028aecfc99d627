import { extensions, util } from '@aws-appsync/utils';

export function request() {
  return { payload: null };
}

/** People hear their own events and nobody else's. */
export function response(ctx) {
  const owner = ctx.identity?.sub;
  if (!owner) {
    util.error('unauthorized: only a signed-in person may listen', 'unauthorized');
  }
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter({ owner: { eq: owner } }));
  return null;
}

import type { ProblemDetail } from '../../src/problem.ts';
import { type ApiRequest, written } from './requests.ts';

/** How much of Render's own words is shown. */
const LONGEST_MESSAGE = 300;

/** What Render's error body says: `{"id", "message"}`; undefined when it is something else. Pure. */
export function messageOf(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed === null || typeof parsed !== 'object' || !('message' in parsed)) return undefined;
    return typeof parsed.message === 'string' && parsed.message !== ''
      ? parsed.message.slice(0, LONGEST_MESSAGE)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Why Render refused a request, and what to do. Pure. */
export function refusal(request: ApiRequest, status: number, body: string): ProblemDetail {
  const said = messageOf(body);
  const answered = `Render answered ${status}${said === undefined ? '' : `: ${said}`} (${written(request)}).`;
  const writes = request.method !== 'GET';
  switch (status) {
    case 401:
    case 403:
      return {
        code: 'render-auth',
        what: status === 401 ? 'Render does not accept RENDER_API_KEY.' : `RENDER_API_KEY may not do this. ${answered}`,
        means: 'The key was revoked, belongs to another account, or its account is not a member of the workspace.',
        next: ['make a key: https://dashboard.render.com/settings#api-keys', 'export RENDER_API_KEY, then start again'],
      };
    case 402:
      return { code: 'render-payment', what: answered, next: ['see the billing page of the workspace'] };
    case 404:
    case 410:
      return {
        code: 'render-not-found',
        what: answered,
        means: 'It does not exist, or belongs to a workspace that this key does not see.',
        next: ['check the name or id', 'check whose key RENDER_API_KEY is: the preflight names the account'],
      };
    case 409:
      return {
        code: 'render-conflict',
        what: answered,
        means: 'Something else is under way on the same service. Nothing was changed by this request.',
        next: ['look at the events of the service, wait for it to end, then run this again'],
      };
    case 423:
      return {
        code: 'render-locked',
        what: answered,
        means: 'Another operation holds it, and went on holding it. Nothing was changed by this request.',
        next: ['run this again in a while'],
      };
    case 429:
      return {
        code: 'render-rate-limit',
        what: 'Render’s rate limit is used up, and waiting as told did not help.',
        means: `Nothing was changed by this request (${written(request)}). Deploys and changes of a service: 10 a minute.`,
        next: ['run this again in a minute', 'see what else uses the same key'],
      };
    default:
      return status >= 500
        ? {
            code: 'render-down',
            what: answered,
            means: writes
              ? 'It is not known whether the change was made: a change is never sent twice by itself.'
              : 'Render could not answer; nothing was asked of it but to read.',
            next: ['https://status.render.com', ...(writes ? ['look at the service before this is run again'] : [])],
          }
        : {
            code: 'render-refused',
            what: answered,
            means: 'Nothing was changed by this request.',
            next: ['check the step’s input'],
          };
  }
}

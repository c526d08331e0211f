import { PlaybookError } from '../../functions/shared/errors';
import { arnOf } from '../cloud/arn';
import type { Caller } from '../cloud/caller';
import type { Ids } from './ids';
import { account, region as usualRegion } from './place';
import type { StackResource } from './template';

/** The template has no such function URL. */
export class NoFunctionUrlError extends PlaybookError {}

/** Who signed a request to a function URL, as IAM knows him. */
export interface Principal {
  accountId: string;
  userArn: string;
  userId: string;
}

export interface UrlResponse {
  statusCode: number;
  body: string;
}

export interface FunctionUrlsOptions {
  resources: readonly StackResource[];
  invoke: (arn: string, payload: unknown, from: Omit<Caller, 'functionName'>) => Promise<unknown>;
  ids: Ids;
}

/**
 * The principal of an ARN: a user, or a role's session. Unique IDs begin with AIDA and AROA. Source: IAM user guide,
 * "IAM identifiers"; of a name that is no ARN, a session of the role on-call.
 */
export function principalOf(arnOrName: string, region: string = usualRegion): Principal {
  const userArn = /^arn:/.test(arnOrName)
    ? arnOrName
    : arnOf({ account, region }, 'sts', `assumed-role/on-call/${arnOrName}`);
  const [, , , , accountId = account, ...path] = userArn.split(':');
  const [kind, name = '', session] = path.join(':').split('/');
  const unique = (text: string) => Buffer.from(text).toString('hex').toUpperCase().slice(0, 16).padEnd(16, '0');
  const userId =
    kind === 'assumed-role' ? `AROA${unique(name)}:${session}` : `AIDA${unique(path.join('/').slice(-16))}`;
  return { accountId, userArn, userId };
}

/**
 * The event of a request to a function URL. Source: Lambda developer guide, "Invoking Lambda function URLs", "Request
 * payload format": `authorizer` is there only if the request was authorised by IAM.
 */
export function urlEvent(url: string, body: string, requestId: string, principal?: Principal): object {
  const { hostname } = new URL(url);
  const now = new Date();
  const iam = principal && {
    accessKey: 'ASIADRILL',
    accountId: principal.accountId,
    callerId: principal.userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: principal.userArn,
    userId: principal.userId,
  };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', host: hostname },
    requestContext: {
      accountId: account,
      apiId: hostname.split('.')[0],
      authentication: null,
      ...(iam ? { authorizer: { iam } } : {}),
      domainName: hostname,
      domainPrefix: hostname.split('.')[0],
      http: { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'drill' },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    body,
    pathParameters: null,
    isBase64Encoded: false,
    stageVariables: null,
  };
}

const actions = { 'lambda:InvokeFunctionUrl': 'FunctionUrlAuthType', 'lambda:InvokeFunction': 'InvokedViaFunctionUrl' };

/** The function URLs of the template. What IAM does not authorise never reaches the function. */
export class FunctionUrls {
  constructor(private readonly options: FunctionUrlsOptions) {}

  /** The address of a function's URL. @throws NoFunctionUrlError */
  addressOf(functionName: string): string {
    return String(this.#find(functionName).identity);
  }

  /**
   * Sends a request to a function's URL. A caller of this account is taken to have the approvers' policy; one of another
   * account also needs the function's own permission. Source: Lambda developer guide, "Control access to Lambda function
   * URLs". A function's error is 502.
   * @param principal who signed the request; unsigned without
   */
  async post(functionName: string, content: object, principal?: Principal): Promise<UrlResponse> {
    const { url, target, identity } = this.#find(functionName);
    if (url.properties.AuthType === 'AWS_IAM' && (!principal || !this.#mayInvoke(target, principal)))
      return { statusCode: 403, body: JSON.stringify({ Message: 'Forbidden' }) };
    const event = urlEvent(identity, JSON.stringify(content), this.options.ids(), principal);
    try {
      const from = { executionId: 'url', stateName: 'Function URL' };
      const { statusCode = 200, body = '' } = (await this.options.invoke(target.arn, event, from)) as UrlResponse;
      return { statusCode, body };
    } catch {
      return { statusCode: 502, body: 'Internal Server Error' };
    }
  }

  #mayInvoke(target: StackResource, { accountId }: Principal): boolean {
    if (accountId === account) return true;
    const permissions = this.options.resources.filter(
      ({ type, properties }) => type === 'AWS::Lambda::Permission' && properties.FunctionName === target.arn,
    );
    return Object.entries(actions).every(([action, condition]) =>
      permissions.some(
        ({ properties }) =>
          properties.Action === action &&
          ['*', accountId].includes(String(properties.Principal)) &&
          [true, 'AWS_IAM', undefined].includes(properties[condition] as string | boolean | undefined),
      ),
    );
  }

  #find(functionName: string): { url: StackResource; target: StackResource; identity: string } {
    const target = this.options.resources.find(
      ({ type, ref }) => type === 'AWS::Lambda::Function' && ref === functionName,
    );
    const url = this.options.resources.find(
      ({ type, properties }) => type === 'AWS::Lambda::Url' && properties.TargetFunctionArn === target?.arn,
    );
    if (!target || !url) throw new NoFunctionUrlError(`The function ${functionName} has no URL in the template.`);
    const [, , , region] = target.arn.split(':');
    return { url, target, identity: `https://${url.ref.toLowerCase()}.lambda-url.${region}.on.aws/` };
  }
}

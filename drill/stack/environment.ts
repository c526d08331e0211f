import { type StackResource, TemplateError } from './template';

/** What the Lambda runtime and the SDK find in the environment. No file of the user's is read, and no real credential. */
export function runtimeEnvironment(region: string): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'DRILL',
    AWS_SECRET_ACCESS_KEY: 'drill',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '3',
    // The SDK's notice about Node versions is not what a drill is about.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    TZ: 'UTC',
  };
}

/** Variables of the user's that would lead the SDK elsewhere. */
const misleading = ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL', 'AWS_DEFAULT_REGION'];

/** Variables that a function reads at each call, so that functions of one process may have different ones. */
const ofOneFunction = ['SPOKE_CAPABILITY'];

const variablesOf = ({ properties }: StackResource) =>
  (properties.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};

/**
 * The variables of all functions together: in a drill they share one process.
 * @throws TemplateError when two functions have different values for the same variable
 */
export function functionVariables(functions: readonly StackResource[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const one of functions) {
    for (const [name, value] of Object.entries(variablesOf(one))) {
      if (ofOneFunction.includes(name)) continue;
      const text = String(value);
      if (variables[name] !== undefined && variables[name] !== text) {
        throw new TemplateError(
          `${one.logicalId}: ${name} differs between functions, which share one process in a drill`,
        );
      }
      variables[name] = text;
    }
  }
  return variables;
}

/** Sets variables of the process. @returns a function that puts back what was there before */
export function setVariables(variables: Record<string, string>): () => void {
  const touched = [...Object.keys(variables), ...misleading];
  const before = touched.map((name) => [name, process.env[name]] as const);
  for (const name of misleading) delete process.env[name];
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/**
 * Lets the running function read the variables that others of the process do not share, until it is undone.
 * @param running the name of the function whose code runs, if one's does
 * @returns a function that gives the process its own environment back
 */
export function ownVariables(functions: readonly StackResource[], running: () => string | undefined): () => void {
  const byName = new Map(functions.map((one) => [one.ref, variablesOf(one)]));
  if (![...byName.values()].some((own) => ofOneFunction.some((name) => name in own))) return () => {};
  const before = process.env;
  process.env = new Proxy(before, {
    // Set by way of the proxy, Node's own environment refuses it.
    set: (target, name, value) => Reflect.set(target, name, value),
    get: (target, name) => {
      if (!ofOneFunction.includes(String(name))) return Reflect.get(target, name);
      const value = byName.get(running() ?? '')?.[String(name)];
      return value === undefined ? undefined : String(value);
    },
  });
  return () => {
    process.env = before;
  };
}

import type { Place } from './accounts';
import { currentInvocation, type Invocation } from './caller';
import { randomUuid } from './environment';
import { UnmodelledCommandError } from './errors';
import type { ActiveFault, FaultedCall } from './faults/fault';
import { type Authorization, isOnAll } from './iam/authorization';
import type { Ledger, LedgerEntry } from './ledger';
import type { RequestRates } from './rates';
import type { Call, CommandModel, ServiceName } from './service';
import type { Session } from './sts/session';
import { sleep } from './timers';

/** How a call reaches the service: a modelled command, or (DynamoDB) a real one over HTTP. */
export type Target = { readonly model: CommandModel | undefined } | { readonly next: () => Promise<unknown> };

/** A call as it leaves an SDK client. */
export interface Request {
  readonly service: ServiceName;
  readonly command: string;
  readonly input: object;
  readonly target: Target;
  /** The session of a role of another account with whose key the call is made. */
  readonly session?: Session | undefined;
}

const READING = /^(Get|Describe|List|Query|Scan|BatchGet|TransactGet)/;

/** What calls go through. */
interface PipelineParts {
  place: Place;
  ledger: Ledger;
  rates: RequestRates;
  faults: readonly ActiveFault[];
  authorization: Pick<Authorization, 'isAllowedOnAll'>;
  random: () => number;
  latencyMs: () => number;
}

/** Takes every call through latency, rates, faults and the service, and writes it into the ledger. */
export class Pipeline {
  private calls = 0;

  constructor(private readonly parts: PipelineParts) {}

  /** Answers one call as AWS would. Never settles when the calling invocation dies. */
  async send(request: Request): Promise<unknown> {
    const invocation = currentInvocation();
    if (invocation?.dead) return silence();
    const latency = this.parts.latencyMs();
    await sleep(latency / 2);
    const call = this.arrive(request, invocation);
    try {
      const output = await this.act(request, call, invocation);
      await sleep(latency / 2);
      if (invocation?.dead) return silence();
      call.entry.result = 'ok';
      return output;
    } catch (error) {
      await sleep(latency / 2);
      if (invocation?.dead) return silence();
      call.entry.result = 'error';
      call.entry.errorName = (error as Error).name;
      throw withRequestId(error, randomUuid(this.parts.random));
    }
  }

  private arrive(request: Request, invocation: Invocation | undefined): FaultedCall {
    const { service, command, input, target, session } = request;
    const mutating = 'model' in target ? (target.model?.mutating ?? false) : !READING.test(command);
    const caller = invocation?.caller;
    const entry = this.parts.ledger.open({
      service,
      command,
      input,
      mutating,
      ...this.parts.place,
      ...(caller && { caller }),
      ...(session && { session: used(session) }),
    });
    this.calls += 1;
    return { entry, number: this.calls };
  }

  private async act(request: Request, call: FaultedCall, invocation: Invocation | undefined): Promise<unknown> {
    const refusal = this.parts.rates.refuse(request.service, request.command, request.input);
    if (refusal) {
      this.parts.ledger.refusedForRate += 1;
      throw refusal;
    }
    const canCrash = invocation?.canCrash ?? true;
    for (const fault of this.parts.faults) {
      if (fault.before?.(call) === 'crash' && canCrash) return die(invocation);
    }
    let output = await answer(request, noting(request, call.entry, this.parts.authorization), call.entry);
    for (const fault of this.parts.faults) output = fault.tamper?.(call, output) ?? output;
    for (const fault of this.parts.faults) {
      const outcome = fault.after?.(call);
      if (outcome === 'crash' && canCrash) return die(invocation);
      if (typeof outcome === 'number') await sleep(outcome);
    }
    return output;
  }
}

async function answer({ service, command, input, target }: Request, call: Call, entry: LedgerEntry): Promise<unknown> {
  if ('next' in target) {
    const output = await target.next();
    entry.effective = entry.mutating;
    return output;
  }
  if (!target.model) throw new UnmodelledCommandError(service, command);
  return target.model.run(input, call);
}

function noting({ session }: Request, entry: LedgerEntry, authorization: PipelineParts['authorization']): Call {
  const touch = (...resources: string[]) => {
    for (const id of resources) if (!entry.resources.includes(id)) entry.resources.push(id);
  };
  return {
    caller: entry.caller,
    session,
    touch,
    change: (...resources) => {
      touch(...resources);
      entry.effective = true;
    },
    isAllowedOnAll: (action) =>
      session
        ? [session.granted, session.policy ?? session.granted].every((one) => isOnAll(one, action))
        : authorization.isAllowedOnAll(entry.caller, action),
  };
}

function used({ accessKeyId, roleName, sessionName, tags, policy }: Session): NonNullable<LedgerEntry['session']> {
  return { accessKeyId, roleName, sessionName, tags: Object.fromEntries(tags), ...(policy && { policy }) };
}

function silence(): Promise<never> {
  return new Promise(() => {});
}

function die(invocation: Invocation | undefined): Promise<never> {
  invocation?.kill();
  return silence();
}

function withRequestId(error: unknown, requestId: string): unknown {
  const metadata = (error as { $metadata?: { requestId?: string } }).$metadata;
  if (metadata) metadata.requestId ??= requestId;
  return error;
}

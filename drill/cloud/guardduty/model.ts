import type {
  GetFindingsCommandInput,
  GetFindingsCommandOutput,
  ListDetectorsCommandInput,
  ListDetectorsCommandOutput,
} from '@aws-sdk/client-guardduty';
import type { CloudEvent } from '../environment';
import { serviceError } from '../errors';
import { reads, type ServiceModel } from '../service';

type Fields = Record<string, unknown>;

/** How GuardDuty has findings otherwise than the events say. */
export interface Otherwise {
  /** Whether it has them at all. */
  known?: boolean | undefined;
  archived?: boolean | undefined;
  sample?: boolean | undefined;
  type?: string | undefined;
  severity?: number | undefined;
  instanceId?: string | undefined;
  address?: string | undefined;
  account?: string | undefined;
  updatedAt?: string | undefined;
}

const ofThisPlace = '12abc34d567e8fa901bc2d34e56789f0';
/** Source: GuardDuty API reference, GetFindings, `findingIds`. */
const mostIds = 50;

/**
 * Simulated GuardDuty of an account and region. It has the findings that it has sent events of, since nobody else can send
 * such events: PutEvents takes no source `aws.*`. What it answers for an ID that it does not have is not documented: here,
 * a list without it.
 * Sources: GuardDuty API reference, GetFindings, ListDetectors; EventBridge API reference, PutEventsRequestEntry, `Source`.
 */
export class GuardDutyModel implements ServiceModel {
  readonly service = 'guardduty';
  /** Whether it is on in this account and region. */
  isOn = true;
  otherwise: Otherwise = {};
  private readonly findings = new Map<string, Fields>();

  /** Notes the finding of an event. */
  learn({ detail }: CloudEvent): void {
    const id = String(detail.arn).split('/').at(-1)!;
    if (this.otherwise.known !== false) this.findings.set(id, changed({ ...detail, id }, this.otherwise));
  }

  readonly commands: ServiceModel['commands'] = {
    ListDetectors: reads<ListDetectorsCommandInput, ListDetectorsCommandOutput>(() => ({
      DetectorIds: this.isOn ? [ofThisPlace] : [],
    })),
    GetFindings: reads<GetFindingsCommandInput, GetFindingsCommandOutput>(({ DetectorId, FindingIds = [] }) => {
      // Source: GuardDuty API reference, GetFindings, BadRequestException.
      if (!this.isOn || DetectorId !== ofThisPlace)
        throw refused('The request is rejected because the input detectorId is not owned by the current account.');
      if (FindingIds.length > mostIds) throw refused('The request is rejected because there are too many findingIds.');
      const found = FindingIds.flatMap((id) => this.findings.get(id) ?? []);
      return { Findings: found.map((one) => named(one)) as unknown as GetFindingsCommandOutput['Findings'] };
    }),
  };
}

const refused = (message: string) => serviceError('guardduty', 'BadRequestException', message);

function changed(detail: Fields, otherwise: Otherwise): Fields {
  const { archived, sample, type, severity, instanceId, address, account, updatedAt } = otherwise;
  const service = (detail.service ?? {}) as Fields;
  const resource = (detail.resource ?? {}) as Fields;
  return {
    ...detail,
    ...(type === undefined ? {} : { type }),
    ...(severity === undefined ? {} : { severity }),
    ...(account === undefined ? {} : { accountId: account }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    resource: { ...resource, ...(instanceId === undefined ? {} : { instanceDetails: { instanceId } }) },
    service: {
      ...service,
      ...(archived === undefined ? {} : { archived }),
      ...(address === undefined
        ? {}
        : { action: { actionType: 'NETWORK_CONNECTION', networkConnectionAction: remote(address) } }),
      additionalInfo: inText({ ...(service.additionalInfo as Fields), ...(sample === undefined ? {} : { sample }) }),
    },
  };
}

/** The API has as text what the event has as fields. Source: GuardDuty API reference, ServiceAdditionalInfo. */
const inText = (info: Fields) => ({ value: JSON.stringify(info), type: 'default' });

const remote = (ipAddressV4: string) => ({ remoteIpDetails: { ipAddressV4 } });

/** Fields as the SDK names them. */
function named(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(named);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [`${name.charAt(0).toUpperCase()}${name.slice(1)}`, named(inner)]),
  );
}

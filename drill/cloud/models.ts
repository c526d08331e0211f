import type { Accounts, Place } from './accounts';
import type { AutoScalingModel } from './autoscaling/model';
import type { CloudTrailModel } from './cloudtrail/model';
import type { CloudWatchModel } from './cloudwatch/model';
import type { CodeDeployModel } from './codedeploy/model';
import type { Ec2Model } from './ec2/model';
import type { ElasticLoadBalancingModel } from './elbv2/model';
import type { EventBridgeModel } from './eventbridge/model';
import type { GuardDutyModel } from './guardduty/model';
import type { HealthModel } from './health/model';
import type { IamModel } from './iam/model';
import type { KmsModel } from './kms/model';
import type { LogsModel } from './logs/model';
import type { S3Model } from './s3/model';
import type { SnsModel } from './sns/model';
import type { SsmModel } from './ssm/model';
import type { WafModel } from './wafv2/model';

/** The services of a simulated account, as faults change them: below the cloud that answers calls. */
export interface Models {
  readonly place: Place;
  /** What all accounts of the run share: STS and the keys that it issued. */
  readonly accounts: Pick<Accounts<unknown>, 'keys' | 'sts'>;
  readonly ec2: Ec2Model;
  readonly cloudTrail: CloudTrailModel;
  readonly cloudWatch: CloudWatchModel;
  readonly codeDeploy: CodeDeployModel;
  readonly health: HealthModel;
  readonly eventBridge: EventBridgeModel;
  readonly guardDuty: GuardDutyModel;
  readonly kms: KmsModel;
  readonly logs: LogsModel;
  readonly s3: S3Model;
  readonly sns: SnsModel;
  readonly ssm: SsmModel;
  readonly autoScaling: AutoScalingModel;
  readonly loadBalancing: ElasticLoadBalancingModel;
  readonly iam: IamModel;
  readonly waf: WafModel;
}

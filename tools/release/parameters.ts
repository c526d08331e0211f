import { namings } from '../../packaging/global-names';
import { type ReleasedParam, type ReleaseParameter, releaseParameters } from '../../packaging/release-parameters';
import { parameterName } from './places';
import type { Fields, StackTemplate } from './stable';

/** The longest name of a region; source: AWS General Reference, "AWS service endpoints" (ap-southeast-2). */
const longestRegion = 14;

/** Parameters of a release, by the names of CloudFormation. */
export function parametersOf(template: StackTemplate, defaults: Readonly<Record<ReleasedParam, unknown>>): Fields {
  const named = (Object.keys(releaseParameters) as ReleasedParam[]).map((param) => [
    parameterName(param),
    parameterOf(releaseParameters[param], String(defaults[param])),
  ]);
  const longest = longestStage(template);
  return {
    Stage: {
      Type: 'String',
      Description: 'The name of the stage, which all its names have; it cannot be changed later',
      AllowedPattern: `^[a-z][a-z0-9]{0,${longest - 1}}$`,
      ConstraintDescription: `up to ${longest} characters a-z and 0-9, beginning with a letter`,
    },
    BundlesBucket: {
      Type: 'String',
      Description: 'Your bucket in the same region with the functions’ bundles',
      AllowedPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
      ConstraintDescription: 'the name of a bucket',
    },
    BundlesPrefix: {
      Type: 'String',
      Description: 'Where in that bucket they are: empty, or ending with /',
      Default: 'incident-playbooks/',
      AllowedPattern: '^([A-Za-z0-9!_.*()-]+/)*$',
      MaxLength: 512,
      ConstraintDescription: 'empty, or a prefix that ends with /',
    },
    ...Object.fromEntries(named),
  };
}

function parameterOf({ about, allowed, pattern, range, longest, hint }: ReleaseParameter, Default: string): Fields {
  return {
    Type: range ? 'Number' : 'String',
    Description: about,
    Default,
    ...(allowed ? { AllowedValues: allowed.map(String) } : {}),
    ...(pattern === undefined ? {} : { AllowedPattern: pattern, MaxLength: longest }),
    ...(range ? { MinValue: range[0], MaxValue: range[1] } : {}),
    ConstraintDescription: hint,
  };
}

/** The longest stage whose names AWS accepts in every region; a longer one would fail in the middle of a deployment. */
export function longestStage({ Resources }: StackTemplate): number {
  const left = Object.values(Resources).flatMap(({ Type, Properties }) => {
    const naming = namings[Type];
    const text = naming && (Properties[naming.property] as { 'Fn::Sub'?: string } | undefined)?.['Fn::Sub'];
    if (!naming || typeof text !== 'string') return [];
    const rest = text.replaceAll('${Stage}', '').replaceAll('${AWS::Region}', 'x'.repeat(longestRegion));
    return [naming.longest - rest.length];
  });
  return Math.min(20, ...left);
}

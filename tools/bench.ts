import { Command } from 'commander';
import { defaultDetector } from '../functions/anomaly/detectors/registry';
import { showColdStart } from './bench/cold-start';
import { familySets, generate } from './bench/generated';
import { loadNab } from './bench/nab-data';
import { say } from './bench/say';
import { openServers } from './bench/servers-data';
import { showBudgets, showDecisions, showServers } from './bench/show-decisions';
import { showDetection, showJoint, showNested, showSpeed } from './bench/show-detection';

const program = new Command('bench')
  .description(
    'Measures detection, decisions, speed and cold starts; numpy and scikit-learn too when the python of the variable PYTHON has them.',
  )
  .option('--nab <folder>', 'labelled series in NAB form, with windows.json', '../shared/nab')
  .option('--servers <folder>', 'labelled servers of many metrics, with index.json', '../shared/servers')
  .option('--nested', 'choose every part without the series it is measured on; takes a minute')
  .option('--all', 'the isolation forests on single series too; takes minutes');

const options = program.parse().opts<{ nab: string; servers: string; nested?: boolean; all?: boolean }>();
const nab = loadNab(options.nab);
const servers = openServers(options.servers);
say(`Default detector: ${defaultDetector.name}, threshold ${defaultDetector.threshold}\n`);
showBudgets();
if (nab) showDetection(options.nab, nab, options.all ?? false);
else say(`Not measured: labelled series; ${options.nab} is not there, or has no windows.json\n`);
showDetection('the first generated set', generate(familySets.first, [1, 2, 3]), false);
showDetection('the second generated set', generate(familySets.second, [1, 2, 3]), false);
if (options.nested && nab) showNested(nab);
else if (options.nested) say('Nested figures need labelled series: --nab FOLDER\n');
if (servers) showServers(options.servers, servers);
else say(`Not measured: labelled servers; ${options.servers} is not there, or has no index.json\n`);
showDecisions(nab, servers);
showJoint();
showSpeed();
void showColdStart();

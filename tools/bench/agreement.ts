import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jointSet } from './joint-set';
import { askSklearn } from './sklearn';

/** Writes scikit-learn's scores of the fixed data set, against which a test compares the forest. Run: tsx tools/bench/agreement.ts */
const file = join(__dirname, '../../tests/anomaly/forest/sklearn-scores.json');
const { matrix } = jointSet(1);
const answer = askSklearn({ train: matrix, score: matrix, trees: 300, seed: 1, repeats: 1 });
if (!answer) throw new Error('this python has no scikit-learn; name another in the variable PYTHON');
const scores = answer.scores.map((score) => Number(score.toFixed(6)));
const madeBy = `tools/bench/agreement.ts with scikit-learn ${answer.version}: jointSet(1), 300 trees, all samples, seed 1`;
writeFileSync(file, `${JSON.stringify({ madeBy, scores })}\n`);

import * as z from '../../shared/schema';
import type { Forest } from './forest';

const packedSchema = z.object({
  version: z.literal(1),
  columns: z.number(),
  sampleSize: z.number(),
  trainingScores: z.string(),
  trees: z.array(z.object({ feature: z.string(), cut: z.string(), left: z.string(), path: z.string() })),
});

/** A forest as JSON can carry it: the arrays in base64, little endian. */
export type PackedForest = z.output<typeof packedSchema>;

const encode = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');

/** The bytes in a buffer of their own, since typed arrays need an aligned start. */
const decode = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64')).buffer;

/** Packs a forest for JSON. */
export function packForest({ columns, sampleSize, trainingScores, trees }: Forest): PackedForest {
  return {
    version: 1,
    columns,
    sampleSize,
    trainingScores: encode(trainingScores),
    trees: trees.map(({ feature, cut, left, path }) => ({
      feature: encode(feature),
      cut: encode(cut),
      left: encode(left),
      path: encode(path),
    })),
  };
}

/**
 * Unpacks what `packForest` made; it scores exactly as the original.
 * @throws ZodError when it is not a packed forest
 */
export function unpackForest(packed: unknown): Forest {
  const { columns, sampleSize, trainingScores, trees } = z.parse(packedSchema, packed);
  return {
    columns,
    sampleSize,
    trainingScores: new Float64Array(decode(trainingScores)),
    trees: trees.map(({ feature, cut, left, path }) => ({
      feature: new Int16Array(decode(feature)),
      cut: new Float64Array(decode(cut)),
      left: new Int32Array(decode(left)),
      path: new Float64Array(decode(path)),
    })),
  };
}

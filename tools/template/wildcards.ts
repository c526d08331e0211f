import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar, visit } from 'yaml';

/** A `*` in a policy that nobody gave a reason for. */
export interface Wildcard {
  file: string;
  line: number;
  text: string;
}

/**
 * Finds each `*` in the resources of IAM statements that has no reason beside it: a comment at the resource itself or at its
 * key. A condition is none: it says what is asked for, and not why no resource could be named.
 * @param text a YAML file with statements, as `functions.yml` or a file of resources/ holds them
 */
export function unexplainedWildcards(file: string, text: string): Wildcard[] {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    customTags: ['!Ref', '!GetAtt', '!Sub'].map((tag) => ({ tag, resolve: (value: string) => value })),
    merge: true,
  });
  const found: Wildcard[] = [];
  visit(document, {
    Map(_key, map) {
      const pair = (name: string) => map.items.find(({ key }) => isScalar(key) && key.value === name);
      const resource = pair('Resource');
      const effect = pair('Effect')?.value;
      if (!resource || !isScalar(effect) || effect.value !== 'Allow') return;
      for (const node of wildcardsOf(resource.value)) {
        if (isExplained(resource, node)) continue;
        found.push({ file, line: lines.linePos(node.range![0]).line, text: String(node.value) });
      }
    },
  });
  return found;
}

/** The texts with a wildcard at a resource; what an alias stands for is looked at where it is written. */
function wildcardsOf(node: unknown): Scalar<string>[] {
  if (isSeq(node)) return node.items.flatMap(wildcardsOf);
  // `Fn::Sub` and its like, in their long form.
  if (isMap(node)) return node.items.flatMap(({ value }) => wildcardsOf(value));
  return isScalar<string>(node) && /[*?]/.test(String(node.value)) ? [node] : [];
}

function isExplained({ key, value }: Pair, node: Node): boolean {
  const first = isSeq(value) ? (value.items[0] as Node) : undefined;
  const places = [key, value, node, first === node ? undefined : first] as (Node | null | undefined)[];
  return places.some((place) => Boolean(place?.commentBefore || place?.comment));
}

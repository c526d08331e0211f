declare module 'spdx-satisfies' {
  /** Whether an SPDX expression is met by one of the licences approved. @throws on an expression that is none */
  export default function satisfies(expression: string, approved: readonly string[]): boolean;
}

/** The rules, as dependency-cruiser reads them. */
export declare const forbidden: readonly { name: string; comment: string }[];

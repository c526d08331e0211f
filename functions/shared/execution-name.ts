/** The name of an execution, the end of its ARN. Pure. */
export const executionNameOf = (executionId: string): string => executionId.split(':').at(-1)!;

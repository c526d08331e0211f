/** Who makes a call: the function, the execution it belongs to and the state that invoked it. */
export interface Caller {
  functionName: string;
  executionId: string;
  stateName: string;
}

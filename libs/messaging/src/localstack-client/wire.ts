/** How the calls of one service are written and read, for those that are made directly. */
export interface Wire {
  /** By the name of the SDK's command, that of the operation. */
  operations: ReadonlyMap<string, string>;
  headers(operation: string): Record<string, string>;
  body(operation: string, input: object): string;
  /** What the SDK would make of the text of an answer with status 200. */
  output(text: string): object;
}

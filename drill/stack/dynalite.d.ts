declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A DynamoDB in memory; times are how long a table stays CREATING, DELETING or UPDATING. */
  export default function dynalite(options: {
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): Server;
}

/** Records of one force and month: how many, and each as JSON. */
export type RecordList = { count: number; json(index: number): string };

/** Records as they were recorded, in their order. */
export function listRecords(records: readonly unknown[]): RecordList {
  return { count: records.length, json: (index) => JSON.stringify(records[index]) };
}

/** What a file is by its first bytes, where it holds no table that is read here. */

/** So many bytes of the start tell. */
export const HEAD = 512;

/** First bytes, as characters; what the file is; what to do. */
const KINDS: readonly (readonly [start: string | RegExp, kind: string, advice: string])[] = [
  ['ARROW1', 'an Arrow file', 'Read it with tableFromIPC of @uwdata/flechette, then fromTable.'],
  ['FEA1\0', 'a Feather file', 'Save the table as Parquet or CSV.'],
  ['PK\x03\x04', 'an Excel workbook or another zip file', 'Save the table as CSV or Parquet.'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old Excel workbook or another Office file', 'Save the table as CSV.'],
  ['\x89DML', 'a model of "dml"', 'Give the table that it is for.'],
  ['SQLite format 3\0', 'an SQLite database', 'Export a table of it as CSV.'],
  [/^.{8}DUCK/s, 'a DuckDB database', "Write a table of it with COPY … TO 'table.parquet'."],
  ['\x28\xb5\x2f\xfd', 'packed with zstd', 'Unpack it first, or pack it with gzip.'],
  ['\xfd7zXZ\0', 'packed with xz', 'Unpack it first, or pack it with gzip.'],
  [/^BZh[1-9]1AY&SY/, 'packed with bzip2', 'Unpack it first, or pack it with gzip.'],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive', 'Unpack it first.'],
  [/^.{257}ustar/s, 'a tar archive', 'Unpack it first.'],
  ['\x89HDF\r\n\x1a\n', 'an HDF5 file', 'Save the table as Parquet or CSV.'],
  ['\x93NUMPY', 'a NumPy array', 'Save it as CSV, with numpy.savetxt.'],
  ['\x80\x04\x95', 'a Python pickle', 'Save the table as Parquet or CSV.'],
  ['\x80\x05\x95', 'a Python pickle', 'Save the table as Parquet or CSV.'],
  ['Obj\x01', 'an Avro file', 'Save the table as Parquet or CSV.'],
  ['%PDF-', 'a PDF document', 'Give the table itself, as CSV.'],
  ['\x89PNG\r\n\x1a\n', 'a PNG picture', 'Give the table itself, as CSV.'],
  ['\xff\xd8\xff', 'a JPEG picture', 'Give the table itself, as CSV.'],
];

/** A sentence on what the file is, and what to do; `undefined` where it may be text, Parquet or gzip. */
export function foreignKind(head: Uint8Array, name: string): string | undefined {
  const start = String.fromCharCode(...head);
  const found = KINDS.find(([magic]) => (typeof magic === 'string' ? start.startsWith(magic) : magic.test(start)));
  return found && `${name} is ${found[1]}. ${found[2]}`;
}

/** Whether many of these bytes are ones that no text has: control characters other than tabs, line breaks and escapes. */
export function looksBinary(head: Uint8Array): boolean {
  const controls = head.filter((byte) => byte < 32 && !(byte >= 7 && byte <= 13) && byte !== 27).length;
  return controls > head.length / 100;
}

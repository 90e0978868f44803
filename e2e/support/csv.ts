/** Reads RFC 4180 text into records, strictly: what a spreadsheet would see. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let value = '';
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (quoted) {
      if (character !== '"') value += character;
      else if (text.charAt(i + 1) === '"') {
        value += '"';
        i += 1;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',') {
      record.push(value);
      value = '';
    } else if (character === '\n') {
      records.push([...record, value.replace(/\r$/, '')]);
      record = [];
      value = '';
    } else value += character;
  }
  if (value !== '' || record.length > 0) records.push([...record, value]);
  return records;
}

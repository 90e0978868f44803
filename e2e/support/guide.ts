import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Tree = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Examples of a guide, executed as they stand on the page. */
export class Guide {
  readonly #page: string;

  constructor(name: string) {
    this.#page = readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), 'utf8');
  }

  /** The first example in this language. */
  example(language: string): string {
    const [, text] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(this.#page) ?? [];
    if (text === undefined) throw new Error(`the guide has no example in ${language}`);
    return text;
  }

  /** Its configuration as `--set` takes it, files below `/etc/gatehouse` replaced by others. */
  settings(files: Readonly<Record<string, string>> = {}): readonly string[] {
    let yaml = this.example('yaml');
    for (const [name, file] of Object.entries(files)) yaml = yaml.replace(`/etc/gatehouse/${name}`, file);
    const parts = parse(yaml) as Record<string, Tree>;
    return Object.entries(parts).flatMap(([part, tree]) =>
      Object.entries(tree).flatMap(([name, settings]) =>
        Object.entries(settings).map(([key, value]) => `${part}.${name}.${key}=${JSON.stringify(value)}`),
      ),
    );
  }
}

import { BLOCK_LIMITS, type BlockPatterns, oldestOf, type TextMatcher } from '@gatehouse/auth-core';
import { RE2JS, RE2JSException, RE2Set } from 're2js';

/** RE2 in JavaScript: whatever the pattern and the text, a match takes time in proportion to both. */
export const re2Patterns: BlockPatterns = {
  problem: (pattern) => {
    try {
      const size = RE2JS.compile(pattern).programSize();
      return size > BLOCK_LIMITS.patternProgramMax
        ? `is too large: ${size} steps of ${BLOCK_LIMITS.patternProgramMax}; repeat less`
        : undefined;
    } catch (error) {
      if (error instanceof RE2JSException) return `is no RE2 pattern: ${error.message}`;
      return 'is no RE2 pattern';
    }
  },
  compile: (patterns) => {
    const set = new RE2Set(RE2Set.ANCHOR_BOTH);
    const sound = patterns.flatMap((pattern, index) =>
      re2Patterns.problem(pattern) === undefined ? [{ pattern, index }] : [],
    );
    if (sound.length === 0) return () => undefined;
    for (const { pattern } of sound) set.add(pattern);
    set.compile();
    return (text) => {
      const [first] = set.match(text);
      return first === undefined ? undefined : sound[first]?.index;
    };
  },
};

/** Characters of a text that a pattern is held against; a common name has 64 by its standard. */
const TEXT_CHARACTERS_MAX = 2_048;
/** Compiled expressions that are remembered. */
const COMPILED_MAX = 2_000;

const compiled = new Map<string, TextMatcher>();
const oldestCompiled = oldestOf(compiled);

/** Nothing is matched by what is no expression. */
const NEVER: TextMatcher = () => false;

/** Whether a text matches an RE2 expression as a whole; what is none matches nothing. */
export function wholeMatcher(pattern: string): TextMatcher {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compileWhole(pattern) ?? NEVER;
  const oldest = compiled.size >= COMPILED_MAX ? oldestCompiled() : undefined;
  if (oldest !== undefined) compiled.delete(oldest);
  compiled.set(pattern, made);
  return made;
}

/** Whether {@link wholeMatcher} can match anything by it. */
export const isWholePattern = (pattern: string): boolean => compileWhole(pattern) !== undefined;

function compileWhole(pattern: string): TextMatcher | undefined {
  try {
    const expression = RE2JS.compile(pattern);
    return (text) => text.length <= TEXT_CHARACTERS_MAX && expression.matcher(text).matches();
  } catch {
    return undefined;
  }
}

import { BLOCK_LIMITS, type BlockPatterns } from '@gatehouse/auth-core';
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

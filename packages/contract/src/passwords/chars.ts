/** Lengths of people's passwords: a floor, no composition rules (ASVS 6.2). */
export const PASSWORD_CHARS = { min: 12, max: 256 } as const;

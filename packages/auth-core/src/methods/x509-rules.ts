import { DEFAULT_RULES } from '../acl/default-rules.ts';
import type { AclRule } from '../acl/rule.ts';
import type { X509Credential } from './x509-credentials.ts';

const CN = '${cn}';
/** What would be read as a wildcard, a level or another placeholder once it stands in a rule. */
const UNSAFE = /[+#/%\0]|\$\{/;

/** What a credential lets a client of this common name do; why not, where it says nothing about it. */
export function rulesFor(
  { rules, rulesByCn }: X509Credential,
  commonName: string | undefined,
): readonly AclRule[] | 'no-cn' | 'no-rules' {
  if (rulesByCn === undefined) return bindCn(rules ?? DEFAULT_RULES, commonName);
  if (commonName === undefined) return 'no-cn';
  const named = rulesByCn.filter(({ test }) => test(commonName));
  if (named.length === 0) return 'no-rules';
  return bindCn([...named.flatMap((entry) => entry.rules), ...(rules ?? [])], commonName);
}

/**
 * Puts the common name into the rules. One that could be taken for more than a level, and a first level that begins with
 * `$` by it, leaves the placeholder: an allow rule is then about nothing, and a deny rule about everything (auth.md §7).
 */
function bindCn(rules: readonly AclRule[], commonName: string | undefined): readonly AclRule[] {
  if (commonName === undefined || commonName === '' || UNSAFE.test(commonName)) return rules;
  if (!rules.some(hasCn)) return rules;
  return rules.map((rule) => (hasCn(rule) ? bound(rule, commonName) : rule));
}

const hasCn = ({ topic, literal }: AclRule): boolean => literal !== true && topic.includes(CN);

function bound(rule: AclRule, commonName: string): AclRule {
  const isForged = rule.topic.startsWith(CN) && commonName.startsWith('$');
  return isForged ? rule : { ...rule, topic: rule.topic.replaceAll(CN, () => commonName) };
}

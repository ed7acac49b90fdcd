import type { Policy } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useNameOf } from '../api/account.ts';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { formatDateTime } from '../lib/format.ts';
import { t, tCount } from '../lib/i18n.ts';
import { policyIn, policyNameIn } from '../lib/record-texts.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { Button } from '../ui/button.tsx';
import { CodeText } from '../ui/code-text.tsx';
import { ConfirmButton } from '../ui/confirm.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Badge, Entry, List, Section } from '../ui/section.tsx';
import { ExplainCall } from './explain-call.tsx';
import { type PolicyDraft, PolicyEditor } from './policy-editor.tsx';
import { PolicyHistory } from './policy-history.tsx';
import { keyOf, policiesChanged } from './policy-key.ts';
import { RuleForm } from './rule-form.tsx';

const tiers = ['admin', 'tenant', 'user', 'built-in'] as const;

/** What the rules are, how they are changed, and what they would say to a call. */
export const Policies = () => {
  const may = useMay();
  return (
    <>
      {may('policy:manage') && <PolicyList />}
      {may('policy:manage') && <RuleForm />}
      <ExplainCall />
    </>
  );
};

const PolicyList = () => {
  const [draft, setDraft] = useState<PolicyDraft | null>(null);
  const query = useQuery({
    queryKey: ['policies'],
    queryFn: async ({ signal }) => (await client.policies.list(undefined, { signal })).policies,
  });
  return (
    <Section
      title={t('policy.list')}
      detail={t('policy.listDetail')}
      actions={
        <Button onClick={() => setDraft({ tier: 'admin', name: '', userId: null, text: '' })}>
          {t('policy.new')}
        </Button>
      }
    >
      {draft && (
        <PolicyEditor
          key={`${draft.tier} ${draft.name} ${draft.text.length}`}
          draft={draft}
          onClose={() => setDraft(null)}
        />
      )}
      <Loaded query={query}>
        {(policies) =>
          tiers.map((tier) => {
            const shown = policies.filter((policy) => policy.tier === tier);
            return shown.length === 0 && tier !== 'admin' ? null : (
              <div key={tier} className="mt-4">
                <h3 className="mb-2 text-sm font-medium text-soft">{t(`policy.tier.${tier}`)}</h3>
                <List label={t(`policy.tier.${tier}`)} empty={t('policy.none')}>
                  {shown.map((policy) => (
                    <PolicyEntry
                      key={`${policy.userId} ${policy.name}`}
                      policy={policy}
                      onEdit={(text) => setDraft({ ...keyOf(policy)!, userId: policy.userId, text })}
                    />
                  ))}
                </List>
              </div>
            );
          })
        }
      </Loaded>
    </Section>
  );
};

/** What each policy of a text says about itself, and its id where it has one. */
const descriptionsIn = (text: string): { id: string; description: string }[] =>
  [...text.matchAll(/(?:@id\("([^"]*)"\)\s*)?@description\((".*?(?<!\\)")\)/g)].flatMap(
    ([, id = '', quoted]) => {
      try {
        return [{ id, description: String(JSON.parse(quoted!)) }];
      } catch {
        return [];
      }
    },
  );

const PolicyEntry = ({ policy, onEdit }: { policy: Policy; onEdit: (text: string) => void }) => {
  const nameOf = useNameOf();
  const [isOpen, setIsOpen] = useState(false);
  const [isHistory, setIsHistory] = useState(false);
  const { tier, name, text, userId, version, by, at } = policy;
  const key = keyOf(policy);
  // Only those that come with Reeve are known in other languages.
  const texts = useGatewayTexts();
  const known = version === 0 ? texts : null;
  const descriptions = descriptionsIn(text ?? '').map(({ id, description }) =>
    policyIn(known, `${tier}/${name}#${id}`, description),
  );
  return (
    <Entry
      title={policyNameIn(known, name) ?? name}
      badge={userId !== null && <Badge>{nameOf(userId)}</Badge>}
      detail={
        <>
          {descriptions.length === 1 ? descriptions[0] : tCount('policy.count', descriptions.length)}
          {key && ` · ${t('policy.version', { version })} · ${nameOf(by)} · ${formatDateTime(at)}`}
        </>
      }
      actions={
        <>
          <Button kind="quiet" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {t('policy.text')}
          </Button>
          {key && (
            <>
              <Button kind="quiet" aria-expanded={isHistory} onClick={() => setIsHistory(!isHistory)}>
                {t('policy.history')}
              </Button>
              <Button kind="quiet" onClick={() => onEdit(text ?? '')}>
                {t('policy.edit')}
              </Button>
              <ConfirmButton
                label={t('policy.remove')}
                title={t('policy.removeTitle', { name })}
                text={t('policy.removeText')}
                action={t('policy.remove')}
                onConfirm={async () => {
                  const { userId: of, ...params } = key;
                  await client.policies.remove({ params, query: of === undefined ? {} : { userId: of } });
                  await policiesChanged(queries);
                }}
              />
            </>
          )}
        </>
      }
    >
      {isOpen && (
        <div className="mt-3 space-y-2">
          {descriptions.length > 1 && (
            <ul className="list-disc space-y-0.5 pl-5 text-soft">
              {descriptions.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          )}
          <CodeText label={t('policy.text')} text={text ?? ''} />
        </div>
      )}
      {isHistory && key && <PolicyHistory policyKey={key} onRestore={onEdit} />}
    </Entry>
  );
};

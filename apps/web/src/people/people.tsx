import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peopleQuery, useMay } from '../api/account.ts';
import { t } from '../lib/i18n.ts';
import { TextField } from '../ui/field.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { List, Section } from '../ui/section.tsx';
import { Invites } from './invites.tsx';
import { Person } from './person.tsx';
import { Roles, useRoles } from './roles.tsx';
import { ScimTokens } from './scim-tokens.tsx';
import { Tenants } from './tenants.tsx';

/** So many stand on a page before they can be searched. */
const searchedFrom = 8;
const pageSize = 50;

/** Who is here, as what, and who is invited. */
export const People = () => {
  const may = useMay();
  const query = useQuery(peopleQuery);
  const roles = useRoles();
  const [words, setWords] = useState('');
  return (
    <>
      <Section title={t('people')} detail={t('people.detail')}>
        <Loaded query={query}>
          {(people) => {
            const shown = people.filter(({ name, email, role }) =>
              `${name} ${email} ${role}`.toLowerCase().includes(words.toLowerCase().trim()),
            );
            return (
              <div className="space-y-3">
                {people.length > searchedFrom && (
                  <TextField
                    type="search"
                    label={t('search')}
                    value={words}
                    onChange={(event) => setWords(event.target.value)}
                  />
                )}
                <List label={t('people')} empty={t('nothingFound')}>
                  {shown.slice(0, pageSize).map((person) => (
                    <Person key={person.id} person={person} roles={roles} />
                  ))}
                </List>
                {shown.length > pageSize && (
                  <p className="text-center text-sm text-soft">
                    {t('people.more', { count: shown.length - pageSize })}
                  </p>
                )}
              </div>
            );
          }}
        </Loaded>
      </Section>
      <Invites roles={roles} />
      <Roles />
      <ScimTokens />
      {may('system:manage') && <Tenants />}
    </>
  );
};

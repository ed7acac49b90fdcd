import { type BuiltInRole, builtInRoles, type RoleView } from '@reeve/protocol';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { hasText, t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Form, WorkButton } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Badge, Entry, List, Section } from '../ui/section.tsx';

const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: async ({ signal }) => (await client.roles.list(undefined, { signal })).roles,
});
const rolesChanged = () => queries.invalidateQueries({ queryKey: rolesQuery.queryKey });

export const useRoles = (): readonly RoleView[] => useQuery(rolesQuery).data ?? [];

/** What a role is for; those that come with Reeve say it in the page's language. */
const descriptionOf = ({ name, description, isBuiltIn }: RoleView): string => {
  const key: string = `role.${name}`;
  return isBuiltIn && hasText(key) ? t(key) : description;
};

/** The roles there are, and one's own that narrow them. */
export const Roles = () => {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section
      title={t('roles')}
      detail={t('roles.detail')}
      actions={!isOpen && <Button onClick={() => setIsOpen(true)}>{t('roles.create')}</Button>}
    >
      {isOpen && (
        <Form
          aria-label={t('roles.create')}
          className="mb-4 rounded-xl border border-line bg-raised p-4"
          submit={t('roles.create')}
          onCancel={() => setIsOpen(false)}
          onSubmit={async (fields) => {
            await client.roles.create({
              name: fields.text('name'),
              base: fields.text('base') as BuiltInRole,
              description: fields.text('description'),
            });
            setIsOpen(false);
            await rolesChanged();
          }}
        >
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              name="name"
              label={t('name')}
              detail={t('roles.nameDetail')}
              pattern="[a-z][a-z0-9\-]{0,31}"
              required
              autoFocus
            />
            <SelectField
              name="base"
              label={t('roles.base')}
              defaultValue="user"
              options={builtInRoles.map((name) => [name, name] as const)}
            />
          </div>
          <TextField name="description" label={t('roles.description')} maxLength={200} />
        </Form>
      )}
      <Loaded query={useQuery(rolesQuery)}>
        {(roles) => (
          <List label={t('roles')} empty="">
            {roles.map((role) => (
              <Entry
                key={role.name}
                title={role.name}
                badge={!role.isBuiltIn && <Badge>{t('roles.narrows', { name: role.base })}</Badge>}
                detail={descriptionOf(role)}
                actions={
                  !role.isBuiltIn && (
                    <WorkButton
                      kind="quiet"
                      onWork={async () => {
                        await client.roles.remove({ id: role.name });
                        await rolesChanged();
                      }}
                    >
                      {t('remove')}
                    </WorkButton>
                  )
                }
              />
            ))}
          </List>
        )}
      </Loaded>
    </Section>
  );
};

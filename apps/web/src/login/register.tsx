import { useQuery } from '@tanstack/react-query';
import { client } from '../api/client.ts';
import { t } from '../lib/i18n.ts';
import { Link } from '../lib/link.tsx';
import { TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { NewPassword } from '../ui/new-password.tsx';
import { enter } from './enter.ts';

/** An account, by an invitation. */
export const Register = ({ code }: { code: string }) => {
  const query = useQuery({
    queryKey: ['invite', code],
    queryFn: ({ signal }) => client.auth.invite({ code }, { signal }),
  });
  return (
    <>
      <h1 className="text-center text-xl font-semibold">{t('register.title')}</h1>
      <Loaded query={query}>
        {({ tenant, role, email, name }) => (
          <>
            <p className="text-center text-sm text-soft">{t('register.intro', { tenant, role })}</p>
            <Form
              submit={t('register.submit')}
              onSubmit={async (fields) => {
                await client.auth.register({
                  code,
                  name: fields.text('name'),
                  email: fields.text('email'),
                  password: fields.secret('password'),
                });
                enter();
              }}
            >
              <TextField
                name="name"
                label={t('name')}
                defaultValue={name ?? ''}
                autoComplete="name"
                required
                maxLength={100}
              />
              <TextField
                name="email"
                type="email"
                label={t('email')}
                defaultValue={email ?? ''}
                readOnly={email !== null}
                autoComplete="username"
                required
              />
              <NewPassword />
            </Form>
          </>
        )}
      </Loaded>
      <Link href="/login" className="self-center text-sm text-accent underline underline-offset-2">
        {t('register.instead')}
      </Link>
    </>
  );
};

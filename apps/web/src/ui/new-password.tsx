import { t } from '../lib/i18n.ts';
import { TextField } from './field.tsx';

/** Where a new password is thought of; whether it is good enough the gateway says. */
export const NewPassword = ({
  isRequired = true,
  defaultValue,
  isFocused = false,
}: {
  isRequired?: boolean;
  defaultValue?: string | undefined;
  isFocused?: boolean;
}) => (
  <TextField
    name="password"
    type="password"
    label={t('password.new')}
    detail={t('password.newDetail')}
    autoComplete="new-password"
    required={isRequired}
    defaultValue={defaultValue}
    maxLength={256}
    autoFocus={isFocused}
  />
);

/**
 * The one catalogue of expected failures. A code is stable: clients branch on it, docs/reference/errors.md
 * lists it, and every error body has the shape {@link FaultBody}. Codes in the first block are those that
 * foreign clients of the wire protocol already know (F009).
 */
export interface FaultKind {
  /** HTTP status the door answers with. */
  status: number;
  /** Who can do something about it: the caller, the owner who runs Reeve, or us. */
  audience: 'caller' | 'owner' | 'bug';
  /** What went wrong, in one sentence a user can read. */
  message: string;
  /** What to do next. */
  next: string;
}

const kind = (status: number, audience: FaultKind['audience'], message: string, next: string): FaultKind => ({
  status,
  audience,
  message,
  next,
});

export const faultCatalogue = {
  INVALID_PARAMS: kind(
    400,
    'caller',
    'The request has a wrong or missing value.',
    'Correct the named field and send it again.',
  ),
  NOT_FOUND: kind(404, 'caller', 'There is no such thing here.', 'Check the id; list what exists first.'),
  METHOD_NOT_FOUND: kind(404, 'caller', 'There is no such method or path.', 'See /api/docs for what exists.'),
  PROTOCOL_ERROR: kind(
    400,
    'caller',
    'The message is not valid in this protocol at this point.',
    'See the protocol reference.',
  ),
  AUTH_FAILED: kind(
    401,
    'caller',
    'You are not signed in, or the token is not valid.',
    'Open the login link that `npm start` prints, or create a token with `reeve token create --name NAME`.',
  ),
  PERMISSION_DENIED: kind(403, 'caller', 'You may not do this.', 'Ask the owner of this Reeve.'),
  PAYLOAD_TOO_LARGE: kind(
    413,
    'caller',
    'The request is larger than this Reeve accepts.',
    'Send less at once, or raise gateway.bodyLimitBytes.',
  ),
  LLM_ERROR: kind(
    502,
    'owner',
    'No model could answer.',
    'See `reeve models` for the state of each slot; try again or choose another model.',
  ),
  TIMEOUT: kind(504, 'caller', 'It took too long and was given up.', 'Try again; nothing was lost.'),
  COMMAND_BLOCKED: kind(
    403,
    'caller',
    'This command is not allowed here.',
    'Ask the owner of this Reeve to allow it.',
  ),
  INTERNAL_ERROR: kind(
    500,
    'bug',
    'Something broke inside Reeve.',
    'See `reeve logs`; the id in this answer finds the entry.',
  ),
  USER_NOT_FOUND: kind(404, 'caller', 'There is no such user.', 'Check the name.'),
  DATABASE_ERROR: kind(
    503,
    'owner',
    'Reeve cannot write to its database at the moment; your message was not accepted.',
    'Check disk space and disk health with `reeve doctor`, then send it again.',
  ),
  CONFIG_ERROR: kind(400, 'owner', 'The configuration is not valid.', 'Run `reeve config check`.'),
  CHANNEL_ERROR: kind(502, 'owner', 'A channel could not deliver.', 'See `reeve status`.'),
  SERIALIZATION_ERROR: kind(
    400,
    'caller',
    'The body is not valid JSON.',
    'Send valid JSON with content-type application/json.',
  ),
  GOV_DENIED: kind(403, 'caller', "The owner's rules forbid this.", 'Ask the owner which rule applies.'),
  RATE_LIMIT: kind(429, 'caller', 'Too many requests.', 'Wait for the time given in Retry-After.'),
  PROVIDER_FAIL: kind(
    502,
    'owner',
    'The model provider refused or failed.',
    'Check the key and base URL of the provider with `reeve doctor`.',
  ),

  BUSY: kind(
    429,
    'caller',
    'This session has too many messages waiting.',
    'Wait for the running answer, or stop it with /stop; nothing was dropped.',
  ),
  CONFLICT: kind(
    409,
    'caller',
    'This was already done with other content.',
    'Use a new idempotency key for a new message.',
  ),
  ORIGIN_REFUSED: kind(
    403,
    'caller',
    'This request comes from another web site or an unknown host name.',
    'Open Reeve by its own address; add a host name to gateway.allowedHosts or an origin to gateway.corsOrigins if you meant it.',
  ),
  LOGIN_EXPIRED: kind(
    401,
    'caller',
    'This login link was used already or is too old.',
    'Run `reeve token login-link`, or restart Reeve, for a new one.',
  ),
  SIGN_IN_FAILED: kind(
    401,
    'caller',
    'That was not right: the e-mail address, the password or the code.',
    'Try again, or ask for a link that sets a new password.',
  ),
  CODE_EXPIRED: kind(
    401,
    'caller',
    'This link was used already, taken back, or is too old.',
    'Ask whoever sent it for a new one.',
  ),
  SIGN_ON_FAILED: kind(
    401,
    'caller',
    'The other place did not say who you are in a way that can be believed.',
    'Begin to sign in again, in the same browser.',
  ),
  SIGN_ON_REFUSED: kind(
    403,
    'caller',
    'You are known there, but may not sign in here.',
    'Ask an admin of this Reeve to invite you.',
  ),
  PASSWORD_WEAK: kind(
    400,
    'caller',
    'This password is too easy to guess.',
    'Take at least 10 characters, such as a few words that have nothing to do with each other.',
  ),
  UNSUPPORTED: kind(400, 'caller', 'This Reeve cannot do that yet.', 'Leave the named field out.'),
  NOT_IMPLEMENTED: kind(
    501,
    'owner',
    'This Reeve has nothing that could do this.',
    'See the documentation for what it can do.',
  ),
  SHUTTING_DOWN: kind(503, 'owner', 'Reeve is shutting down.', 'Try again in a moment.'),
  STEP_LIMIT: kind(
    500,
    'caller',
    'The run was ended because it used too many steps.',
    'Say more exactly what you want, or raise agent.maxSteps.',
  ),
  NO_PROGRESS: kind(
    500,
    'caller',
    'The run was ended because it repeated itself without progress.',
    'Say it differently, or do the failing part by hand.',
  ),
  CONTEXT_OVERFLOW: kind(
    413,
    'caller',
    'This message does not fit into the context window of the model.',
    'Shorten it, or choose a model with a larger window.',
  ),
  TOOL_INPUT_INVALID: kind(
    400,
    'caller',
    'The tool was called with arguments that do not fit its schema.',
    'Correct the arguments.',
  ),
  APPROVAL_NEEDED: kind(
    409,
    'caller',
    'A person has to allow this first.',
    'Answer the question on the page, with `reeve approvals`, or with /approve; then call again.',
  ),
  APPROVAL_DENIED: kind(
    403,
    'caller',
    'A person said no to this.',
    'Do not try it again; do what they said, if they said something.',
  ),
  APPROVAL_EXPIRED: kind(
    403,
    'caller',
    'Nobody allowed this in time, which means no.',
    'Ask again if it is still wanted.',
  ),
  APPROVAL_VOID: kind(
    409,
    'caller',
    'What was allowed has changed since, so the permission does not count any more.',
    'Call again, so that it is asked about anew.',
  ),
  BUDGET_EXCEEDED: kind(
    402,
    'caller',
    'The budget is used up.',
    'See /usage; it is filled again at the time given, or an admin can raise it.',
  ),
  TOOL_UNKNOWN: kind(404, 'caller', 'There is no tool of that name.', 'Use one of the tools on offer.'),
  TOOL_FAILED: kind(500, 'caller', 'The tool failed.', 'Read the message; try other arguments.'),
  TOOL_INTERRUPTED: kind(
    500,
    'caller',
    'Reeve stopped while this was being done; it is not known whether it took effect, and it was not repeated.',
    'Check by hand, then ask again if it is still wanted.',
  ),

  SECRET_MISSING: kind(
    404,
    'caller',
    'There is no such secret.',
    'See `reeve secret list`; keep one with `reeve secret set NAME`.',
  ),
  SECRET_REVOKED: kind(
    403,
    'owner',
    'This secret was revoked in an emergency; nothing may use it.',
    'Make a new one at its provider, then `reeve secret set NAME`.',
  ),
  SECRET_REFUSED: kind(
    409,
    'caller',
    'The new value of this secret did not work, so the one before stays.',
    'Check the new value at its provider and rotate again.',
  ),
  SECRETS_LOCKED: kind(423, 'owner', 'The secrets are locked.', 'Open them with `reeve secret unlock`.'),
  SECRETS_READ_ONLY: kind(
    409,
    'owner',
    'Secrets can only be read where they are kept.',
    'Change them there, or set secrets.backend to local or vault.',
  ),
  SECRETS_KEY_EXPOSED: kind(
    500,
    'owner',
    'The key of the secrets can be read by other users of this machine, so it is not used.',
    'Run chmod 600 on it; if others may have read it, replace the secrets.',
  ),
  SECRETS_UNAVAILABLE: kind(
    503,
    'owner',
    'The place where secrets are kept does not answer or cannot be read.',
    'See `reeve secret status` for the reason.',
  ),
  PASSPHRASE_WRONG: kind(403, 'caller', 'The passphrase is wrong.', 'Type it again; nothing was changed.'),

  PORT_TAKEN: kind(
    500,
    'owner',
    'The port is in use by another program.',
    'Stop that program, or start with --port N.',
  ),
  HOME_NOT_WRITABLE: kind(
    500,
    'owner',
    'The data folder cannot be written.',
    'Give the user write permission, or start with --home DIR.',
  ),
  HOME_LOCKED: kind(
    500,
    'owner',
    'Another Reeve runs on the same data folder.',
    'Use that one, stop it, or start with --home DIR.',
  ),
  DATABASE_CORRUPT: kind(
    500,
    'owner',
    'The database file is damaged or not a Reeve database.',
    'Restore a backup, or move the file away and start again; do not delete it.',
  ),
  DATABASE_TOO_NEW: kind(
    500,
    'owner',
    'The database was written by a newer Reeve.',
    'Install that version or a newer one.',
  ),
  GATEWAY_UNREACHABLE: kind(
    503,
    'owner',
    'No running Reeve answers.',
    'Start it with `npm start`, or name it with --url.',
  ),
} as const satisfies Record<string, FaultKind>;

export type FaultCode = keyof typeof faultCatalogue;

/** An expected failure as a value: what ports, tools and the journal carry. Never holds a secret or a stack. */
export interface Fault {
  code: FaultCode;
  message: string;
  next?: string;
  details?: Record<string, unknown>;
  retryAfterMs?: number;
}

/** Body of every error answer of the HTTP API. `error` repeats `code` for clients of F023. */
export interface FaultBody extends Fault {
  error: string;
  requestId?: string;
  timestamp: string;
}

export const fault = (
  code: FaultCode,
  message?: string,
  more: Omit<Fault, 'code' | 'message'> = {},
): Fault => ({
  code,
  message: message ?? faultCatalogue[code].message,
  next: faultCatalogue[code].next,
  ...more,
});

/** A fault on its way to the outermost boundary. Anything else that is thrown is a bug. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(
    code: FaultCode,
    message?: string,
    more: Omit<Fault, 'code' | 'message'> & { cause?: unknown } = {},
  ) {
    const { cause, ...rest } = more;
    const value = fault(code, message, rest);
    super(value.message, cause === undefined ? undefined : { cause });
    this.name = 'FaultError';
    this.fault = value;
  }
}

export const isFaultError = (error: unknown): error is FaultError => error instanceof FaultError;

import {
  BoundedMap,
  type Log,
  nothingPermits,
  type PolicyDecision,
  type PolicyDocument,
  type PolicyEngine,
  type PolicyRequest,
} from '@reeve/core';
import { loadCedar } from './cedar.ts';
import {
  checkDocument,
  type LoadedPolicy,
  type PolicyProfile,
  parseDocument,
  shippedPolicies,
  tierProblems,
} from './documents.ts';
import { entitiesOf } from './entities.ts';
import { explainWith } from './explain.ts';
import { contextUse, mayDecide } from './heads.ts';
import { type ApiAction, policySchema } from './schema.ts';

export interface PolicyOptions {
  /** Every action of the API that may be asked about. */
  api: () => Promise<readonly ApiAction[]>;
  /** Which of the shipped sets says what may be. */
  profile: () => PolicyProfile;
  log: Log;
}

/** Policies that may decide a kind of request, parsed once by Cedar under a name of their own. */
interface Slice {
  /** Which policies it holds. */
  id: string;
  setId: string;
  policies: ReadonlyMap<string, LoadedPolicy>;
  contextUse: ReadonlySet<string>;
}

/** Decisions that are remembered; the same question comes at each turn. */
const decisionLimit = 10_000;
/** Slices that Cedar holds ready. */
const sliceLimit = 2_000;
/** Cedar knows its sets by name, and there may be several engines in one process. */
let sets = 0;

/**
 * Cedar behind the port. One evaluation costs 0.2 ms and more with each policy, so policies are first sorted by
 * their heads, and answers are remembered by everything that they rest on: who, what, and the values of the context
 * that any of the policies in question looks at.
 */
export const createPolicyEngine = ({ api, profile, log }: PolicyOptions): PolicyEngine => {
  const permissions = new Map<string, string>();
  const permissionOf = (action: string) => permissions.get(action);
  let schema: ReturnType<typeof policySchema> | undefined;

  let documents: readonly PolicyDocument[] = [];
  let all: LoadedPolicy[] | null = null;
  let loading: Promise<void> | undefined;
  const decisions = new BoundedMap<string, PolicyDecision>(decisionLimit);
  const kinds = new BoundedMap<string, Slice>(decisionLimit);
  const freeSets: string[] = [];
  const slices = new BoundedMap<string, Slice>(sliceLimit, ({ setId }) => void freeSets.push(setId));

  const load = () => {
    const chosen = profile();
    // An admin who edits the profile replaces it by a document of its name.
    const isOwn = documents.some(({ tier, name }) => tier === 'admin' && name === chosen);
    const shipped = shippedPolicies(chosen).filter(({ tier }) => tier === 'built-in' || !isOwn);
    const written = documents.flatMap((document) => {
      if (document.tier === 'built-in') return [];
      const parsed = parseDocument(document);
      // The schema was asked when the document was saved; whose word it is is asked again each time.
      const problems = parsed.ok ? parsed.policies.flatMap(tierProblems) : [parsed.message];
      if (parsed.ok && problems.length === 0) return parsed.policies;
      log.error(
        { policy: document.name, tier: document.tier, problems },
        'a policy does not hold: it was left out',
      );
      return [];
    });
    all = [...shipped, ...written];
    decisions.clear();
    kinds.clear();
    freeSets.push(...[...slices.values()].map(({ setId }) => setId));
    slices.clear();
  };

  const belongsTo = (policy: LoadedPolicy, { principal }: PolicyRequest) =>
    (policy.tenantId === null || policy.tenantId === principal.tenantId) &&
    (policy.userId === null || policy.userId === principal.userId);

  const sliceOf = (request: PolicyRequest, asked: ReturnType<typeof entitiesOf>): Slice => {
    const { tenantId, userId, role, baseRole } = request.principal;
    const { type, id } = request.resource;
    const level = request.resource.type === 'Tool' ? request.resource.level : '';
    const kind = JSON.stringify([tenantId, userId, role, baseRole, request.action, type, id, level]);
    const known = kinds.use(kind);
    // One that had to give way may be back under its id, with another set of Cedar's than the one known here.
    if (known && slices.use(known.id) === known) return known;
    const fitting = all!.filter(
      (policy) => belongsTo(policy, request) && mayDecide(policy.json, asked.heads),
    );
    // Most people share their policies: what is the same is parsed once. Names are of one tenant, or of one person.
    const sliceId = JSON.stringify(fitting.map(({ name, tenantId, userId }) => [name, tenantId, userId]));
    const slice = slices.use(sliceId) ?? makeSlice(sliceId, fitting);
    kinds.set(kind, slice);
    return slice;
  };

  /** Has Cedar hold policies ready under a name. Throws for what it cannot read. */
  const preparse = (setId: string, policies: readonly LoadedPolicy[]): void => {
    const answer = loadCedar().preparsePolicySet(setId, {
      staticPolicies: Object.fromEntries(policies.map(({ name, json }) => [name, json])),
    });
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
  };

  const makeSlice = (id: string, fitting: readonly LoadedPolicy[]): Slice => {
    const setId = freeSets.pop() ?? `set ${++sets}`;
    preparse(setId, fitting);
    const slice: Slice = {
      id,
      setId,
      policies: new Map(fitting.map((policy) => [policy.name, policy])),
      contextUse: new Set(fitting.flatMap(({ json }) => [...contextUse(json)])),
    };
    slices.set(id, slice);
    return slice;
  };

  /** Lists are of tools and of models. Whether they hold somebody is a decision of its own. */
  const skipsLists = ({ principal, resource, context }: PolicyRequest): boolean =>
    (resource.type === 'Tool' || resource.type === 'Model') &&
    decide({
      principal,
      action: 'skip lists',
      resource: { type: 'Tenant', id: principal.tenantId },
      context,
    }).isAllowed;

  /** May throw. */
  const evaluate = (request: PolicyRequest): PolicyDecision & { slice: Slice } => {
    const isPastLists = skipsLists(request);
    const asked = entitiesOf(request, permissionOf, isPastLists);
    const slice = sliceOf(request, asked);
    const context = Object.fromEntries(
      Object.entries(request.context).filter(([name]) => slice.contextUse.has(name)),
    );
    const { principal, action, resource } = request;
    const { tenantId, userId, role, baseRole } = principal;
    const who = [tenantId, userId, role, baseRole, Object.values(principal.flags)];
    const key = JSON.stringify([who, isPastLists, action, Object.values(resource), context]);
    const known = decisions.use(key);
    if (known) return { ...known, slice };
    const answer = loadCedar().statefulIsAuthorized({
      principal: { type: 'User', id: userId },
      action: { type: 'Action', id: action },
      resource: { type: resource.type, id: resource.id },
      context,
      preparsedPolicySetId: slice.setId,
      validateRequest: false,
      entities: asked.entities,
    });
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
    const { decision, diagnostics } = answer.response;
    // A policy that cannot be evaluated does not count for Cedar; a forbid that fails to forbid must not allow.
    const broken = diagnostics.errors.filter(
      ({ policyId }) => slice.policies.get(policyId)?.json.effect === 'forbid',
    );
    const value: PolicyDecision = {
      isAllowed: decision === 'allow' && broken.length === 0,
      policies: broken.length > 0 ? broken.map(({ policyId }) => policyId) : diagnostics.reason,
    };
    if (broken.length > 0)
      log.error(
        { policies: value.policies, error: broken[0]!.error.message },
        'a policy could not be evaluated',
      );
    decisions.set(key, value);
    return { ...value, slice };
  };

  const decide = (request: PolicyRequest): PolicyDecision => {
    if (!all) return { isAllowed: false, policies: ['the policies are not loaded yet'] };
    try {
      const { isAllowed, policies } = evaluate(request);
      return { isAllowed, policies: policies.length > 0 ? policies : [nothingPermits] };
    } catch (error) {
      log.error({ action: request.action, err: error }, 'a decision could not be made');
      return { isAllowed: false, policies: ['the policies could not be evaluated'] };
    }
  };

  const ready = () =>
    (loading ??= api().then((actions) => {
      for (const { name, permission } of actions) permissions.set(name, permission);
      schema = policySchema(actions);
      load();
      // Cedar compiles itself as it is used: whoever asks first must not wait for that.
      preparse('start', shippedPolicies(profile()));
    }));

  return {
    ready,
    decide,
    async explain(request) {
      await ready();
      const { slice } = evaluate(request);
      return explainWith(decide, slice.policies, request);
    },
    async check(document) {
      await ready();
      return checkDocument(document, schema!);
    },
    configure(next) {
      documents = next;
      if (all) load();
    },
  };
};

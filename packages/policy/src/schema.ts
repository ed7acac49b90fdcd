import type { Schema, SchemaJson } from '@cedar-policy/cedar-wasm/nodejs';
import { type Permission, permissions } from '@reeve/protocol';

/** An action of the API, and the permission that it is a part of. */
export interface ApiAction {
  /** `sessions.list`, `ws.chat.send` … */
  name: string;
  permission: Permission;
}

const string = { type: 'String' } as const;
const long = { type: 'Long' } as const;
const boolean = { type: 'Boolean' } as const;
const record = (attributes: Record<string, object>) => ({ type: 'Record', attributes }) as const;
const plain = (...memberOfTypes: string[]) => ({ memberOfTypes, shape: record({}) });

const when = { channel: string, hour: long, minute: long, weekday: long };

/** What a policy can look at when a tool is to be called. `risk` is low, medium, high or critical; 0-3 as `riskRank`. */
const callContext = {
  ...when,
  risk: string,
  riskRank: long,
  /** Whether the person is there to be asked. */
  attended: boolean,
  agent: string,
  /** Where the values come from that are not the person's own words. */
  taint: { type: 'Set', element: string },
  /** 0-100 (F258, F253, F256). */
  trust: long,
  anomaly: long,
  threat: long,
  /** SHA-256 of the tool, its arguments and what they rest on. */
  digest: string,
  /** What the call aims at, where its arguments say so: a path, an address, a person. */
  target: string,
};

/** Everything a policy can be about. Policies are checked against it before they are saved. */
export const policySchema = (api: readonly ApiAction[]): Schema => {
  const applies = (resourceTypes: string[], attributes: Record<string, object>) => ({
    appliesTo: { principalTypes: ['User'], resourceTypes, context: record(attributes) },
  });
  const schema = {
    '': {
      entityTypes: {
        Tenant: plain(),
        Role: plain('Role'),
        User: {
          memberOfTypes: ['Role', 'Tenant'],
          shape: record({
            contentFilter: string,
            canInstallSoftware: boolean,
            canExecCommands: boolean,
            canUseBrowser: boolean,
            requiresAdminApproval: boolean,
            skipsLists: boolean,
          }),
        },
        ToolSet: plain('ToolSet'),
        Tool: {
          memberOfTypes: ['ToolSet'],
          shape: record({ risk: string, effect: string, kind: string, level: string }),
        },
        Channel: plain(),
        Session: plain(),
        Model: plain(),
        Memory: plain(),
        Schedule: plain(),
        Secret: plain(),
      },
      actions: {
        call: applies(['Tool'], callContext),
        'call unattended': applies(['Tool'], callContext),
        approve: applies(['User'], {
          ...when,
          risk: string,
          tool: string,
          isOwn: boolean,
          hasOther: boolean,
        }),
        use: applies(['Model'], when),
        'skip lists': applies(['Tenant'], when),
        'exceed budget': applies(['Tenant'], when),
        'exceed rate': applies(['Tenant'], when),
        'read secret': applies(['Secret'], when),
        ...Object.fromEntries(
          Object.keys(permissions).map((permission) => [permission, applies(['Tenant'], when)]),
        ),
        ...Object.fromEntries(
          api.map(({ name, permission }) => [
            name,
            { memberOf: [{ id: permission }], ...applies(['Tenant'], when) },
          ]),
        ),
      },
    },
  };
  return schema as unknown as SchemaJson<string>;
};

/** What an operator may do over the wire; a method names the one it needs. */
export const operatorScopes = [
  'operator.read',
  'operator.write',
  'operator.admin',
  'operator.approvals',
  'operator.questions',
  'operator.pairing',
] as const;
export type OperatorScope = (typeof operatorScopes)[number];

/** Admin includes everything, writing includes reading. */
export const satisfiesScope = (granted: ReadonlySet<string>, needed: OperatorScope): boolean =>
  granted.has(needed) ||
  granted.has('operator.admin') ||
  (needed === 'operator.read' && granted.has('operator.write'));

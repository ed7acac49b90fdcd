import type { ApprovalTimes } from '@reeve/core';
import type { Config } from '@reeve/protocol';

const secondMs = 1_000;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** How long questions wait, as the configuration says. */
export const approvalTimes = ({ approvals }: Config): ApprovalTimes => {
  const { low, medium, high, critical } = approvals.attendedSeconds;
  return {
    attended: {
      low: low * secondMs,
      medium: medium * secondMs,
      high: high * secondMs,
      critical: critical * secondMs,
    },
    unattended: approvals.unattendedDays * dayMs,
    sessionGrant: approvals.sessionMinutes * minuteMs,
  };
};

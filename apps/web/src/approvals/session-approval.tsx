import type { Approval } from '@reeve/protocol';
import { useEffect, useState } from 'react';
import { useMaySeeApprovals, usePending } from '../api/approvals.ts';
import { client, faultOf } from '../api/client.ts';
import { WithQueries } from '../api/queries.tsx';
import type { ApprovalItem } from '../conversation/items.ts';
import { ApprovalCard } from './approval-card.tsx';

/** A question in the conversation whose run waits for its answer. */
export default function SessionApproval({
  sessionId,
  item: { id, at, request, settled },
}: {
  sessionId: string;
  item: ApprovalItem;
}) {
  const waiting = usePending();
  const maySee = useMaySeeApprovals();
  const [asked, setAsked] = useState<Approval | null>(null);
  const isOpen = settled === null;
  useEffect(() => {
    if (isOpen && maySee) client.approvals.get({ id }).then(setAsked, faultOf);
  }, [id, isOpen, maySee]);
  const known = waiting?.find((one) => one.id === id) ?? asked;
  const status = settled?.status ?? asked?.status ?? 'pending';
  const approval: Approval = {
    ...request,
    id,
    sessionId,
    status,
    createdAt: at,
    settled: settled ?? asked?.settled ?? null,
    // The journal says what was on offer at all; what is to this person, the gateway.
    scopes: known?.scopes ?? request.scopes,
    alwaysWithheld: known?.alwaysWithheld ?? null,
    mayDecide: status === 'pending' && (known?.mayDecide ?? false),
  };
  return (
    <div className="mb-5">
      <WithQueries>
        {/* Until it is known who may answer, nothing is said about it. */}
        {isOpen && known === null && maySee !== false ? (
          <div className="skeleton h-40" />
        ) : (
          <ApprovalCard heading="h2" approval={approval} isFocused={approval.mayDecide} />
        )}
      </WithQueries>
    </div>
  );
}

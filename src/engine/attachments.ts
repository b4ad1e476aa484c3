import type { Attachment } from '../targets/target.ts';

/** What has attachments: a target, or the state of a session through its target. */
interface Attached {
  readonly target: { readonly attachments: readonly Attachment[] };
}

/** find_fault_handler: a PASID that is not attached itself goes through the nested HWPT of the device. `pasid` -1: none. */
export function attachmentOf({ target }: Attached, devId: number, pasid: number): Attachment | undefined {
  const of = target.attachments.filter((a) => a.devId === devId);
  return (pasid >= 0 ? of.find((a) => a.pasid === pasid) : undefined) ?? of.find((a) => a.pasid === null);
}

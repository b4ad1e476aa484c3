import type { Attachment } from '../targets/target.ts';

/** find_fault_handler: a PASID that is not attached itself goes through the nested HWPT of the device. `pasid` -1: none. */
export function attachmentOf(attachments: readonly Attachment[], devId: number, pasid: number): Attachment | undefined {
  let own: Attachment | undefined;
  for (const attachment of attachments) {
    if (attachment.devId !== devId) continue;
    if (attachment.pasid === pasid) return attachment;
    if (attachment.pasid === null) own = attachment;
  }
  return own;
}

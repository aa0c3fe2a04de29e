/**
 * Characters that a terminal or an editor acts upon instead of showing: controls, and marks that reorder text. Written as
 * escapes, because they would not be seen here either (CVE-2021-42574).
 */
export const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

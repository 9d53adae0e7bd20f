import { existsSync } from "node:fs";

/**
 * What a machine's kernel calls things.
 *
 * @see https://github.com/torvalds/linux/blob/master/include/uapi/linux/audit.h
 * @see https://github.com/torvalds/linux/blob/master/arch/x86/entry/syscalls/syscall_64.tbl
 */
const architectures: Readonly<
  Record<string, { audit: number; seccomp: number; keyCalls: readonly [number, number, number] }>
> = {
  x64: { audit: 0xc000003e, seccomp: 317, keyCalls: [248, 249, 250] },
  arm64: { audit: 0xc00000b7, seccomp: 277, keyCalls: [217, 218, 219] },
};

const perl = "/usr/bin/perl";
const allow = 0x7fff0000;
const refuse = 0x00050000 + 38; // ENOSYS, as a kernel built without keys would answer

/** Why commands are not kept from the kernel's keys here; null when they are. */
export const keyFilterMissing: string | null =
  architectures[process.arch] === undefined
    ? `no filter is known for ${process.arch}`
    : existsSync(perl)
      ? null
      : `${perl} is missing`;

/**
 * The start of a command line that takes the kernel's key store from a program and all it starts: `add_key`,
 * `request_key`, `keyctl`. No namespace holds keys apart. A process inherits the session keyring of whoever started the
 * harness, and any process of the same user reads a key by its number: so a submission could leave what it was asked
 * with the agent that wrote it.
 *
 * To be put after `no_new_privs`. Empty where {@link keyFilterMissing} says why.
 */
export function keyFilter(arch: string = process.arch): readonly string[] {
  const known = architectures[arch];
  if (known === undefined || !existsSync(perl)) return [];
  const script =
    // struct sock_fprog; SECCOMP_SET_MODE_FILTER; SECCOMP_FILTER_FLAG_SPEC_ALLOW, or older kernels slow the program.
    'my $f = pack "H*", shift; my $p = pack "Sx6P", length($f) / 8, $f; ' +
    `syscall(${known.seccomp}, 1, 4, $p) == 0 or die "seccomp: $!\\n"; exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\\n"`;
  return [perl, "-e", script, "--", toProgram(known)];
}

/** A classic BPF program in hexadecimal: 8 bytes an instruction, as `struct sock_filter` lies in memory. */
function toProgram({ audit, keyCalls }: { audit: number; keyCalls: readonly number[] }): string {
  const load = (offset: number) => [0x20, 0, 0, offset] as const;
  const jumpIf = (code: number, value: number, yes: number, no: number) => [code, yes, no, value] as const;
  const [equal, atLeast] = [0x15, 0x35];
  const instructions = [
    load(4), // architecture: programs for another one would number their calls otherwise
    jumpIf(equal, audit, 0, 5),
    load(0), // number of the call
    jumpIf(atLeast, 0x40000000, 3, 0), // x32, a second numbering of x86-64
    jumpIf(atLeast, Math.max(...keyCalls) + 1, 1, 0),
    jumpIf(atLeast, Math.min(...keyCalls), 1, 0),
    [0x06, 0, 0, allow] as const,
    [0x06, 0, 0, refuse] as const,
  ];
  const bytes = Buffer.alloc(instructions.length * 8);
  instructions.forEach(([code, yes, no, value], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(yes, index * 8 + 2);
    bytes.writeUInt8(no, index * 8 + 3);
    bytes.writeUInt32LE(value, index * 8 + 4);
  });
  return bytes.toString("hex");
}

using System.Runtime.InteropServices;

namespace Vsmtp.Delivery.Identities;

/// <summary>
/// Takes system calls away for good (seccomp(2)): to become root, to run another program, to reach into another process.
/// What CAP_SETUID and CAP_SETGID leave of root is then the other users, and groups by setgroups(2).
/// </summary>
internal static partial class SystemCallFilter
{
    private const string C = "libc";
    private const uint Install = 1;
    private const uint ForAllThreads = 1;
    private const uint Allow = 0x7FFF0000;
    private const uint RefuseAsNotPermitted = 0x00050001;

    // Instructions (seccomp's are those of BPF, linux/filter.h): load a word of the call, compare it with a constant, return.
    private const ushort Load = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort Return = 0x06;
    private const int InstructionBytes = 8;

    // Where a word is in struct seccomp_data: the low halves of the arguments come first on both architectures.
    private const uint NumberAt = 0;
    private const uint ArchitectureAt = 4;
    private const uint ArgumentsAt = 16;

    /// <summary>From here on the numbers of x86-64 are those of x32, another way to the same calls.</summary>
    private const uint OtherNumbers = 0x40000000;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64;

    /// <summary>
    /// execve, execveat, ptrace, process_vm_writev, and all ways to another user or group but the two that are looked at, and setgroups, whose list
    /// cannot be.
    /// </summary>
    private static uint[] Refused => IsArm
        ? [221, 281, 117, 271, 146, 144, 145, 143, 151, 152]
        : [59, 322, 101, 311, 105, 106, 113, 114, 122, 123];

    /// <summary>setresuid and setresgid, whose three arguments must not be 0.</summary>
    private static uint[] LookedAt => IsArm ? [147, 149] : [117, 119];

    /// <summary>From now on for the calling thread, or for the process; needs that nothing new can be gained (PR_SET_NO_NEW_PRIVS).</summary>
    /// <exception cref="UnauthorizedAccessException">The kernel does not take it.</exception>
    public static void Apply(bool allThreads)
    {
        var instructions = Program();
        var memory = Marshal.AllocHGlobal((instructions.Count * InstructionBytes) + (2 * IntPtr.Size));
        try
        {
            // struct sock_fprog: how many, then where.
            var list = memory + (2 * IntPtr.Size);
            Marshal.WriteIntPtr(memory, instructions.Count);
            Marshal.WriteIntPtr(memory, IntPtr.Size, list);
            foreach (var (index, instruction) in instructions.Index()) Marshal.WriteInt64(list, index * InstructionBytes, instruction);
            if (SetFilter(IsArm ? 277 : 317, Install, allThreads ? ForAllThreads : 0, memory) != 0)
                throw new UnauthorizedAccessException($"cannot give up system calls: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    /// <summary>A jump is counted from the instruction behind it, and goes forward: to the look at the arguments, or to the refusal at the end.</summary>
    private static List<long> Program()
    {
        var arguments = 4 + Refused.Length + LookedAt.Length + 1;
        var refusal = arguments + 7;
        List<long> program = [];
        int To(int target) => target - program.Count - 1;
        program.Add(Instruction(Load, ArchitectureAt));
        program.Add(Instruction(JumpIfEqual, IsArm ? 0xC00000B7 : 0xC000003E, otherwise: To(refusal)));
        program.Add(Instruction(Load, NumberAt));
        program.Add(Instruction(JumpIfAtLeast, OtherNumbers, then: To(refusal)));
        foreach (var number in Refused) program.Add(Instruction(JumpIfEqual, number, then: To(refusal)));
        foreach (var number in LookedAt) program.Add(Instruction(JumpIfEqual, number, then: To(arguments)));
        program.Add(Instruction(Return, Allow));
        for (uint i = 0; i < 3; i++)
        {
            program.Add(Instruction(Load, ArgumentsAt + (8 * i)));
            program.Add(Instruction(JumpIfEqual, 0, then: To(refusal)));
        }

        program.Add(Instruction(Return, Allow));
        program.Add(Instruction(Return, RefuseAsNotPermitted));
        return program;
    }

    /// <summary>struct sock_filter: code, the two jumps, the constant.</summary>
    private static long Instruction(ushort code, uint constant, int then = 0, int otherwise = 0) =>
        code | ((long)then << 16) | ((long)otherwise << 24) | ((long)constant << 32);

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SetFilter(nint number, nuint operation, nuint flags, IntPtr program);
}

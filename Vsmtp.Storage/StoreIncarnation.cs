using System.Security.Cryptography;

namespace Vsmtp.Storage;

/// <summary>One run of one process, from its start to its end: who is busy with a mail, whose counters these are.</summary>
/// <param name="Name">Unique for ever; host and process id for the reader, random bits since both come again.</param>
public sealed record StoreIncarnation(string Name)
{
    public static StoreIncarnation Create() =>
        new($"{Environment.MachineName}:{Environment.ProcessId}:{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
}

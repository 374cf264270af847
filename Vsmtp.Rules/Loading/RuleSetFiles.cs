using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Vsmtp.Rules.Loading;

/// <summary>Everything that a rule set was read from, and its content hash.</summary>
internal sealed class RuleSetFiles
{
    public RuleSetFiles(string mainPath, IEnumerable<KeyValuePair<string, string>> texts)
    {
        MainPath = mainPath;
        // Ordinal: the hash may not depend on the culture of the machine that computes it.
        Texts = texts.DistinctBy(t => t.Key).ToImmutableSortedDictionary(StringComparer.Ordinal);
        Hash = ComputeHash();
    }

    public string MainPath { get; }

    public ImmutableSortedDictionary<string, string> Texts { get; }

    public string Hash { get; }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, MainPath);
        foreach (var (path, text) in Texts)
        {
            Append(hash, path);
            Append(hash, text);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>With its length in front, so that no two lists of files run together into the same bytes.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

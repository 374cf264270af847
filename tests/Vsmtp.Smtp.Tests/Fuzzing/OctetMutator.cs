using System.Text;

namespace Vsmtp.Smtp.Tests.Fuzzing;

/// <summary>Spoils octets: removes, doubles, exchanges and invents some.</summary>
internal static class OctetMutator
{
    private static readonly byte[][] Strangers =
    [
        "\r\n"u8.ToArray(), "\r"u8.ToArray(), "\n"u8.ToArray(), "\0"u8.ToArray(), "\r\n.\r\n"u8.ToArray(), "."u8.ToArray(), " "u8.ToArray(), "\t"u8.ToArray(),
        "\""u8.ToArray(), "\\"u8.ToArray(), "<"u8.ToArray(), ">"u8.ToArray(), "("u8.ToArray(), ")"u8.ToArray(), ":"u8.ToArray(), ";"u8.ToArray(), ","u8.ToArray(),
        "@"u8.ToArray(), "="u8.ToArray(), "+"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "\u00e9"u8.ToArray(), "\u2028"u8.ToArray(), [0xFF], [0xC0, 0x80],
        [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0x85], "\r\n "u8.ToArray(), "=?utf-8?q?"u8.ToArray(),
    ];

    /// <summary>Pieces one behind the other, and then spoilt or not.</summary>
    public static byte[] Make(Random random, IReadOnlyList<string> pieces, int most)
    {
        var text = string.Concat(Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => pieces[random.Next(pieces.Count)]));
        return random.Next(3) == 0 ? Encoding.Latin1.GetBytes(text) : Mutate(random, Encoding.Latin1.GetBytes(text));
    }

    public static byte[] Mutate(Random random, byte[] octets)
    {
        var spoilt = octets.ToList();
        for (var i = 1 + random.Next(6); i > 0; i--)
        {
            var at = random.Next(spoilt.Count + 1);
            var length = Math.Min(spoilt.Count - at, random.Next(4) == 0 ? random.Next(200) : random.Next(1, 4));
            switch (random.Next(6))
            {
                case 0: spoilt.RemoveRange(at, length); break;
                case 1: spoilt.InsertRange(random.Next(spoilt.Count + 1), spoilt.GetRange(at, length)); break;
                case 2 when at < spoilt.Count: spoilt[at] = (byte)random.Next(256); break;
                case 3 when at < spoilt.Count: spoilt.InsertRange(at, Enumerable.Repeat(spoilt[at], 1 << random.Next(11))); break;
                case 4: spoilt.RemoveRange(at, spoilt.Count - at); break;
                default: spoilt.InsertRange(at, Strangers[random.Next(Strangers.Length)]); break;
            }
        }

        return [.. spoilt];
    }

    /// <summary>The octets in pieces, cut as they themselves say: the same octets are always cut alike.</summary>
    public static List<byte[]> Cut(byte[] octets)
    {
        var random = new Random(octets.Aggregate(octets.Length, (sum, octet) => unchecked((sum * 31) + octet)));
        var pieces = new List<byte[]>();
        for (var start = 0; start < octets.Length;)
        {
            var end = Math.Min(octets.Length, start + (random.Next(4) == 0 ? random.Next(1, octets.Length + 1) : random.Next(1, 6)));
            pieces.Add(octets[start..end]);
            start = end;
        }

        return pieces;
    }
}

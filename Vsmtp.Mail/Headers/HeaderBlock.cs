using System.Buffers;
using System.Runtime.InteropServices;

namespace Vsmtp.Mail.Headers;

/// <summary>The header section of a message, held as the bytes that arrived.</summary>
/// <remarks>
/// Order, folding and letter case are kept (RFC 5322 §2.2); a trace field goes in front (RFC 5321 §4.4).
/// Editing a field leaves all other bytes alone, so a DKIM signature that does not cover it holds (RFC 6376 §3.7).
/// A line that is no field stays where it is and ends nothing: only an empty line does, as for clamsmtpd.
/// Names are found without regard to case, among the fields of the message itself, not of its parts.
/// Not thread-safe. Does not limit its size: the reader that fills it does.
/// </remarks>
public sealed partial class HeaderBlock
{
    /// <summary>
    /// Octets that readers of stored messages take for a header section: more than any door lets in, so that no header of a
    /// service's can lie beyond what rules see. Doors: 256 KiB from clients, 768 KiB from services.
    /// </summary>
    public const int MaxStoredBytes = 1024 * 1024;

    private readonly List<HeaderField> _fields = [];
    private ReadOnlyMemory<byte> _emptyLine;

    /// <summary>Values by the places of their fields, once they have been read; null after a change of the fields.</summary>
    private string?[]? _values;

    private HeaderBlock()
    {
    }

    /// <summary>All lines in order, opaque ones included.</summary>
    public IReadOnlyList<HeaderField> Fields => _fields;

    /// <summary>The section was ended by an empty line; without one the message is header only.</summary>
    public bool HasEmptyLine => !_emptyLine.IsEmpty;

    /// <summary>
    /// How many of the bytes given to <see cref="Parse"/> were the section, empty line included: the body follows.
    /// </summary>
    public int ParsedBytes { get; private init; }

    /// <summary>Reads up to and including the first empty line, or everything when there is none.</summary>
    /// <param name="message">Kept, not copied: it must not change while the block is used.</param>
    public static HeaderBlock Parse(ReadOnlyMemory<byte> message)
    {
        var hasEnd = TryFindEnd(message.Span, out var end, out var emptyLineBytes);
        var block = new HeaderBlock { ParsedBytes = hasEnd ? end : message.Length };
        var section = message[..(block.ParsedBytes - emptyLineBytes)];
        while (!section.IsEmpty)
        {
            var length = MeasureField(section.Span);
            block._fields.Add(HeaderField.Read(section[..length]));
            section = section[length..];
        }

        block._emptyLine = message[(block.ParsedBytes - emptyLineBytes)..block.ParsedBytes];
        return block;
    }

    /// <summary>Finds where the header section ends, for a reader that has only the front of a message.</summary>
    /// <param name="length">The bytes up to and including the empty line.</param>
    /// <returns>False when no empty line is among the bytes.</returns>
    public static bool TryFindEnd(ReadOnlySpan<byte> message, out int length) => TryFindEnd(message, out length, out _);

    public bool Has(string name) => IndexOf(name) >= 0;

    /// <summary>The first field's value, see <see cref="HeaderField.Value"/>; null when there is none.</summary>
    public string? Get(string name) => IndexOf(name) is var i and >= 0 ? ValueAt(i) : null;

    /// <summary>The first field of that name; null when there is none.</summary>
    public HeaderField? Find(string name) => IndexOf(name) is var i and >= 0 ? _fields[i] : null;

    /// <summary>The values of all fields of that name, in order.</summary>
    public IReadOnlyList<string> GetAll(string name) =>
        [.. _fields.Where(field => field.IsNamed(name)).Select(field => field.Value)];

    public int Count(string name)
    {
        var count = 0;
        foreach (ref readonly var field in CollectionsMarshal.AsSpan(_fields))
            if (field.IsNamed(name)) count++;
        return count;
    }

    /// <summary>The bytes that <see cref="WriteTo"/> writes.</summary>
    public int Length => _fields.Sum(line => line.Raw.Length) + _emptyLine.Length;

    /// <summary>Writes the section as it now is, with its empty line if it has one.</summary>
    public void WriteTo(IBufferWriter<byte> writer)
    {
        foreach (var field in _fields) writer.Write(field.Raw.Span);
        writer.Write(_emptyLine.Span);
    }

    public byte[] ToArray()
    {
        var writer = new ArrayBufferWriter<byte>(Math.Max(Length, 1));
        WriteTo(writer);
        return writer.WrittenSpan.ToArray();
    }

    private string ValueAt(int index) => (_values ??= new string?[_fields.Count])[index] ??= _fields[index].Value;

    private int IndexOf(string name)
    {
        var fields = CollectionsMarshal.AsSpan(_fields);
        for (var i = 0; i < fields.Length; i++)
            if (fields[i].IsNamed(name)) return i;
        return -1;
    }

    private static bool TryFindEnd(ReadOnlySpan<byte> message, out int end, out int emptyLineBytes)
    {
        for (end = 0; end < message.Length;)
        {
            var line = message[end..];
            emptyLineBytes = line is [(byte)'\r', (byte)'\n', ..] ? 2 : line[0] == '\n' ? 1 : 0;
            if (emptyLineBytes > 0)
            {
                end += emptyLineBytes;
                return true;
            }

            var lineBreak = line.IndexOf((byte)'\n');
            end = lineBreak < 0 ? message.Length : end + lineBreak + 1;
        }

        emptyLineBytes = 0;
        return false;
    }

    /// <summary>The bytes of the first line and the continuation lines behind it.</summary>
    private static int MeasureField(ReadOnlySpan<byte> section)
    {
        var length = 0;
        do
        {
            var lineBreak = section[length..].IndexOf((byte)'\n');
            if (lineBreak < 0) return section.Length;
            length += lineBreak + 1;
        }
        while (length < section.Length && section[length] is (byte)' ' or (byte)'\t');

        return length;
    }
}

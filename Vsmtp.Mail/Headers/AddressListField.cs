using System.Diagnostics.CodeAnalysis;
using System.Text;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Headers;

/// <summary>A field with a list of mailboxes (To, Cc; RFC 5322 §3.4) whose mailboxes can be changed one by one.</summary>
/// <remarks>
/// A change gives the field's new bytes: display names, comments, groups and folds of the other mailboxes, and the letters of the
/// field's name, stay as they are. Lines that get longer than RFC 5322 §2.1.1 allows are folded at the change.
/// </remarks>
public sealed class AddressListField
{
    /// <summary>Up to here an address is put on the last line; then it gets its own (RFC 5322 §2.1.1).</summary>
    private const int PreferredLineBytes = 78;

    private readonly byte[] _field;
    private readonly int _end;
    private readonly List<ListedMailbox> _elements;
    private bool _areLocated;

    private AddressListField(byte[] field, int end, List<ListedMailbox> elements)
    {
        _field = field;
        _end = end;
        _elements = elements;
    }

    /// <summary>The mailboxes in order, those of groups too; what is no address is left out.</summary>
    public IEnumerable<MailAddress> Addresses => Located().Select(element => element.Address).OfType<MailAddress>();

    /// <returns>False: a quote, comment, bracket or group is not closed, so that no change would be safe.</returns>
    public static bool TryRead(HeaderField field, [NotNullWhen(true)] out AddressListField? list)
    {
        list = null;
        if (field.IsOpaque) return false;
        byte[] raw = [.. field.Raw.Span.TrimEnd("\r\n"u8), .. "\r\n"u8];
        var elements = new AddressListReader(raw, raw.AsSpan().IndexOf((byte)':') + 1).Read();
        if (elements is not null) list = new AddressListField(raw, raw.AsSpan().TrimEnd(" \t\r\n"u8).Length, elements);
        return list is not null;
    }

    /// <summary>Writes another address where one stands, everywhere in the list.</summary>
    /// <returns>The whole field; null: the address is not in it.</returns>
    public byte[]? Replace(MailAddress address, MailAddress by)
    {
        if (!Located().Exists(element => element.Address == address)) return null;
        var changed = new List<byte>(_field.Length + 64);
        var copied = 0;
        foreach (var element in _elements.Where(element => element.Address == address))
        {
            changed.AddRange(_field.AsSpan(copied..element.AddressStart));
            var text = Encoding.UTF8.GetBytes(by.ToString());
            if (IsTooLong(changed, text.Length + LineRest(element.AddressEnd))) changed.AddRange("\r\n "u8);
            changed.AddRange(text);
            copied = element.AddressEnd;
        }

        changed.AddRange(_field.AsSpan(copied..));
        return [.. changed];
    }

    /// <summary>Adds a mailbox behind all others.</summary>
    public byte[] Append(MailAddress address)
    {
        var text = Encoding.UTF8.GetBytes(address.ToString());
        var kept = _field.AsSpan(0, _end);
        var line = _end - (kept.LastIndexOf((byte)'\n') + 1);
        var comma = _elements.Count == 0 || kept[^1] == ',' ? ""u8 : ","u8;
        var gap = _elements.Count > 0 && line + comma.Length + 1 + text.Length > PreferredLineBytes ? "\r\n "u8 : " "u8;
        return [.. kept, .. comma, .. gap, .. text, .. _field.AsSpan(_end)];
    }

    /// <summary>Takes a mailbox out, with its name and comments, everywhere in the list; but never the last one that is left.</summary>
    /// <returns>The whole field; null: the address is not in it, or nobody else is.</returns>
    public byte[]? Remove(MailAddress address)
    {
        var field = this;
        while (field.RemoveFirst(address) is { } changed)
        {
            // What is left of a list that could be read can be read.
            if (!TryRead(HeaderField.Read(changed), out var next)) return null;
            field = next;
        }

        return field == this ? null : field._field;
    }

    /// <summary>Only when somebody looks for an address: to add one to a long list no other is read.</summary>
    private List<ListedMailbox> Located()
    {
        for (var i = 0; i < _elements.Count && !_areLocated; i++) _elements[i] = AddressListReader.Locate(_field, _elements[i]);
        _areLocated = true;
        return _elements;
    }

    private byte[]? RemoveFirst(MailAddress address)
    {
        var index = Located().FindIndex(element => element.Address == address);
        if (index < 0 || _elements.Count(element => !element.IsGroup) == 1) return null;
        var (from, to) = Extent(_elements[index], index);
        return [.. _field.AsSpan(0, from), .. _field.AsSpan(to)];
    }

    /// <summary>An element with the one comma that goes with it, so that no fold is lost that kept lines short.</summary>
    private (int From, int To) Extent(ListedMailbox element, int index)
    {
        var next = _elements.FindIndex(index + 1, other => other.List == element.List);
        if (element.CommaBefore < 0) return (element.Start, next < 0 ? element.End : _elements[next].Start);
        var isFoldedBefore = _field.AsSpan(element.CommaBefore..element.Start).Contains((byte)'\n');
        return next >= 0 && isFoldedBefore ? (element.Start, _elements[next].Start) : (element.CommaBefore, element.End);
    }

    private int LineRest(int at) => _field.AsSpan(at).IndexOf("\r\n"u8);

    /// <summary>Whether the line that is being written would be too long, and has something in it that may be left behind.</summary>
    private static bool IsTooLong(List<byte> written, int more)
    {
        var line = written.LastIndexOf((byte)'\n') + 1;
        return written.Count - line + more > HeaderText.MaxLineBytes
            && written.Skip(line).SkipWhile(octet => octet != ':' && line == 0).Skip(1).Any(octet => octet is not ((byte)' ' or (byte)'\t'));
    }
}

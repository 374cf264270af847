using System.Text;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Headers;

/// <summary>
/// Finds the elements of an address list (RFC 5322 §3.4, and §4.4 for what old mailers wrote): commas and semicolons within quoted
/// strings, comments, angle brackets and domain literals separate nothing.
/// </summary>
internal ref struct AddressListReader(ReadOnlySpan<byte> field, int start)
{
    private readonly ReadOnlySpan<byte> _field = field;
    private readonly List<ListedMailbox> _found = [];
    private int _at = start;
    private int _elementStart = start;
    private int _comma = -1;
    private int _groups;
    private int _group;
    private int _groupStart;
    private int _groupComma;
    private bool _isBehindGroup;

    /// <summary>Null: a quoted string, a comment, a bracket or a group is not closed, so nobody knows where an element ends.</summary>
    public List<ListedMailbox>? Read()
    {
        while (_at < _field.Length)
        {
            switch (_field[_at])
            {
                case (byte)'"' or (byte)'(' or (byte)'[' or (byte)'<':
                    _at = Skip(_field, _at);
                    if (_at < 0) return null;
                    continue;
                case (byte)',':
                    EndElement();
                    (_comma, _elementStart) = (_at, _at + 1);
                    break;
                case (byte)':' when _group == 0 && !_isBehindGroup:
                    (_group, _groupStart, _groupComma) = (++_groups, _elementStart, _comma);
                    (_comma, _elementStart) = (-1, _at + 1);
                    break;
                case (byte)';' when _group > 0:
                    EndElement();
                    (_group, _comma, _elementStart, _isBehindGroup) = (0, _groupComma, _groupStart, true);
                    break;
            }

            _at++;
        }

        if (_group > 0) return null;
        EndElement();
        return _found;
    }

    /// <summary>Where the construct that begins at an octet ends; -1: it does not.</summary>
    public static int Skip(ReadOnlySpan<byte> field, int at) => field[at] switch
    {
        (byte)'"' => SkipQuoted(field, at, (byte)'"'),
        (byte)'[' => SkipQuoted(field, at, (byte)']'),
        (byte)'(' => SkipComment(field, at),
        _ => SkipAngle(field, at),
    };

    private static int SkipQuoted(ReadOnlySpan<byte> field, int at, byte end)
    {
        for (at++; at < field.Length; at++)
        {
            if (field[at] == '\\') at++;
            else if (field[at] == end) return at + 1;
        }

        return -1;
    }

    private static int SkipComment(ReadOnlySpan<byte> field, int at)
    {
        var depth = 0;
        for (; at < field.Length; at++)
        {
            if (field[at] == '\\') at++;
            else if (field[at] == '(') depth++;
            else if (field[at] == ')' && --depth == 0) return at + 1;
        }

        return -1;
    }

    private static int SkipAngle(ReadOnlySpan<byte> field, int at)
    {
        at++;
        while (at >= 0 && at < field.Length && field[at] != '>')
        {
            at = field[at] is (byte)'"' or (byte)'(' or (byte)'[' ? Skip(field, at) : at + 1;
        }

        return at >= 0 && at < field.Length ? at + 1 : -1;
    }

    private void EndElement()
    {
        var (from, to) = Trim(_field, _elementStart, _at);
        if (from < to)
        {
            var element = new ListedMailbox(_group, _comma, from, to);
            _found.Add(element with { IsGroup = _isBehindGroup });
        }

        _isBehindGroup = false;
    }

    /// <summary>Finds the address in an element; a group, and what is no mailbox, has none.</summary>
    public static ListedMailbox Locate(ReadOnlySpan<byte> field, ListedMailbox element)
    {
        if (element.IsGroup) return element;
        var (from, to) = (element.Start, element.End);
        for (var at = from; at < to;)
        {
            if (field[at] == '<')
            {
                (from, to) = (at + 1, Skip(field, at) - 1);
                break;
            }

            at = field[at] is (byte)'"' or (byte)'(' or (byte)'[' ? Skip(field, at) : at + 1;
        }

        (from, to) = WithoutRoute(field, from, to);
        if (!field[from..to].ContainsAny(" \t\r\n("u8))
        {
            _ = MailAddress.TryParse(HeaderText.Decode(field[from..to]), out var address);
            return element with { AddressStart = from, AddressEnd = to, Address = address };
        }

        var text = new AddressText();
        for (var at = from; at < to;)
        {
            var next = field[at] is (byte)'"' or (byte)'(' or (byte)'[' ? Skip(field, at) : at + 1;
            if (field[at] is (byte)'(' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') text.Gap();
            else text.Add(field[at..next], at);
            at = next;
        }

        return element with { AddressStart = text.Start, AddressEnd = text.End, Address = text.Read() };
    }

    /// <summary>An old source route is no part of the address (RFC 5322 §4.4).</summary>
    private static (int From, int To) WithoutRoute(ReadOnlySpan<byte> field, int from, int to)
    {
        (from, to) = Trim(field, from, to);
        var behind = from < to && field[from] == '@' ? BehindColon(field, from, to) : from;
        return Trim(field, behind, to);
    }

    /// <summary>A colon in a quoted string, a comment or a literal ends no route. Without one, where it began.</summary>
    private static int BehindColon(ReadOnlySpan<byte> field, int from, int to)
    {
        for (var at = from; at < to;)
        {
            if (field[at] == ':') return at + 1;
            at = field[at] is (byte)'"' or (byte)'(' or (byte)'[' ? Skip(field, at) : at + 1;
        }

        return from;
    }

    private static (int From, int To) Trim(ReadOnlySpan<byte> field, int from, int to)
    {
        while (from < to && IsBlank(field[from])) from++;
        while (to > from && IsBlank(field[to - 1])) to--;
        return (from, to);
    }

    private static bool IsBlank(byte octet) => octet is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    /// <summary>An address without the comments and blanks in it, and where its first and last octet stand.</summary>
    private struct AddressText()
    {
        private readonly List<byte> _octets = [];
        private bool _hasGap;
        private bool _isBroken;

        public int Start { get; private set; }

        public int End { get; private set; }

        public void Gap() => _hasGap = true;

        public void Add(ReadOnlySpan<byte> octets, int at)
        {
            if (_octets.Count == 0) Start = at;
            // Blanks may stand around dots and the at sign alone: elsewhere they part two words, and that is no address.
            else if (_hasGap && !IsJoint(_octets[^1]) && !IsJoint(octets[0])) _isBroken = true;
            _hasGap = false;
            _octets.AddRange(octets);
            End = at + octets.Length;
        }

        public readonly MailAddress? Read() =>
            !_isBroken && MailAddress.TryParse(HeaderText.Decode(_octets.ToArray()), out var address) ? address : null;

        private static bool IsJoint(byte octet) => octet is (byte)'.' or (byte)'@';
    }
}

using System.Text;

namespace Vsmtp.Mail.Headers;

public sealed partial class HeaderBlock
{
    private readonly List<HeaderEdit> _edits = [];

    /// <summary>
    /// The edits made since <see cref="Parse"/>, in order; made again on the same bytes they give the same block.
    /// </summary>
    public IReadOnlyList<HeaderEdit> Edits => _edits;

    /// <summary>Makes one edit and records it; an edit that is refused or finds nothing is neither made nor recorded.</summary>
    public HeaderFault Apply(HeaderEdit edit)
    {
        _values = null;
        var fault = edit switch
        {
            HeaderEdit.Prepend e => Insert(0, e.Name, e.Value),
            HeaderEdit.Append e => Insert(_fields.Count, e.Name, e.Value),
            HeaderEdit.AppendField e => TakeOver(e.Name, e.Field),
            HeaderEdit.ReplaceField e => PutInPlace(e.Name, e.Field),
            HeaderEdit.Set e => Replace(e.Name, e.Value),
            HeaderEdit.Remove e => TakeOut(e.Name),
            HeaderEdit.RemoveAll e => TakeOutAll(e.Name),
            HeaderEdit.Rename e => GiveName(e.Name, e.NewName),
            _ => throw new InvalidOperationException($"Unknown edit {edit.GetType()}."),
        };
        if (fault == HeaderFault.None) Record(edit);
        return fault;
    }

    /// <summary>
    /// A field that is replaced again and again is recorded once: each of these edits holds the whole field, and a list that grows
    /// address by address would be kept in all its sizes.
    /// </summary>
    private void Record(HeaderEdit edit)
    {
        var before = edit is HeaderEdit.ReplaceField ? _edits.FindLastIndex(other => Concerns(other, edit.Name)) : -1;
        if (before >= 0 && _edits[before] is HeaderEdit.ReplaceField) _edits[before] = edit;
        else _edits.Add(edit);
    }

    private static bool Concerns(HeaderEdit edit, string name) =>
        edit.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
        || (edit is HeaderEdit.Rename rename && rename.NewName.Equals(name, StringComparison.OrdinalIgnoreCase));

    public HeaderFault Prepend(string name, string value) => Apply(new HeaderEdit.Prepend(name, value));

    public HeaderFault Append(string name, string value) => Apply(new HeaderEdit.Append(name, value));

    /// <summary>Replaces the first field of that name, continuation lines included, or adds it as the last.</summary>
    public HeaderFault Set(string name, string value) => Apply(new HeaderEdit.Set(name, value));

    /// <summary>Adds a field of another message as the last, byte for byte.</summary>
    public HeaderFault Append(HeaderField field) => Apply(HeaderEdit.AppendField.Of(field));

    /// <returns>Whether there was one.</returns>
    public bool Remove(string name) => Apply(new HeaderEdit.Remove(name)) == HeaderFault.None;

    /// <returns>How many there were.</returns>
    public int RemoveAll(string name)
    {
        var count = Count(name);
        Apply(new HeaderEdit.RemoveAll(name));
        return count;
    }

    /// <summary>Renames the first field of that name.</summary>
    public HeaderFault Rename(string name, string newName) => Apply(new HeaderEdit.Rename(name, newName));

    /// <summary>Puts a trace field, folded as its maker folded it, in front of all others (RFC 5321 §4.4).</summary>
    /// <remarks>Not among <see cref="Edits"/>: a trace tells of one acceptance, so it is never made again.</remarks>
    /// <param name="field">One whole field with its CRLF, as <see cref="Trace.ReceivedField.ToBytes"/> makes it.</param>
    /// <exception cref="ArgumentException">The bytes are not exactly one field.</exception>
    public void PrependTrace(ReadOnlyMemory<byte> field)
    {
        if (!IsWhole(field)) throw new ArgumentException("Not one whole header field.", nameof(field));
        _values = null;
        _fields.Insert(0, HeaderField.Read(field));
    }

    /// <summary>Ends the section with an empty line if none does: clamsmtpd adds its header only before one.</summary>
    public void EnsureEmptyLine()
    {
        if (HasEmptyLine) return;
        CompleteLastLine();
        _emptyLine = "\r\n"u8.ToArray();
    }

    private HeaderFault Insert(int index, string name, string value)
    {
        if (Check(name, value) is var fault and not HeaderFault.None) return fault;
        if (index == _fields.Count) CompleteLastLine();
        _fields.Insert(Math.Min(index, _fields.Count), HeaderField.Read(HeaderText.Encode(name, value)));
        return HeaderFault.None;
    }

    private HeaderFault TakeOver(string name, string field)
    {
        if (ReadWhole(name, field, out var read) is var fault and not HeaderFault.None) return fault;
        CompleteLastLine();
        _fields.Add(read);
        return HeaderFault.None;
    }

    private HeaderFault PutInPlace(string name, string field)
    {
        if (ReadWhole(name, field, out var read) is var fault and not HeaderFault.None) return fault;
        var index = IndexOf(name);
        if (index < 0) return HeaderFault.NotFound;
        _fields[index] = read;
        return HeaderFault.None;
    }

    private static HeaderFault ReadWhole(string name, string field, out HeaderField read)
    {
        var raw = Encoding.Latin1.GetBytes(field);
        read = HeaderField.Read(raw);
        return !IsWhole(raw) ? HeaderFault.BadValue : read.IsNamed(name) ? HeaderFault.None : HeaderFault.BadName;
    }

    private static bool IsWhole(ReadOnlyMemory<byte> field) =>
        !HeaderField.Read(field).IsOpaque && field.Span.EndsWith("\r\n"u8) && MeasureField(field.Span) == field.Length;

    private HeaderFault Replace(string name, string value)
    {
        var index = IndexOf(name);
        if (index < 0) return Insert(_fields.Count, name, value);
        if (Check(name, value) is var fault and not HeaderFault.None) return fault;
        _fields[index] = HeaderField.Read(HeaderText.Encode(name, value));
        return HeaderFault.None;
    }

    private HeaderFault TakeOut(string name)
    {
        var index = IndexOf(name);
        if (index < 0) return HeaderFault.NotFound;
        _fields.RemoveAt(index);
        return HeaderFault.None;
    }

    private HeaderFault TakeOutAll(string name) =>
        _fields.RemoveAll(field => field.IsNamed(name)) > 0 ? HeaderFault.None : HeaderFault.NotFound;

    private HeaderFault GiveName(string name, string newName)
    {
        if (!HeaderText.IsName(newName)) return HeaderFault.BadName;
        var index = IndexOf(name);
        if (index < 0) return HeaderFault.NotFound;
        _fields[index] = HeaderField.Read((byte[])[.. Encoding.ASCII.GetBytes(newName), (byte)':', .. _fields[index].RawValue]);
        return HeaderFault.None;
    }

    private static HeaderFault Check(string name, string value) =>
        !HeaderText.IsName(name) ? HeaderFault.BadName : !HeaderText.IsValue(value) ? HeaderFault.BadValue : HeaderFault.None;

    /// <summary>
    /// A message cut off within its header has no line end there; without one, a field added would join that line.
    /// </summary>
    private void CompleteLastLine()
    {
        if (_fields.Count > 0 && !_fields[^1].EndsWithLineBreak)
        {
            _fields[^1] = HeaderField.Read((byte[])[.. _fields[^1].Raw.Span, .. "\r\n"u8]);
        }
    }
}

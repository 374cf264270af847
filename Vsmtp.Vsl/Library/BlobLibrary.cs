using System.Text;
using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Library;

/// <summary>Functions on byte arrays.</summary>
internal static class BlobLibrary
{
    private const Kinds Blob = Kinds.Blob;

    public static void AddTo(LibraryBuilder library)
    {
        library.Pure("blob", 0, Kinds.Any, (caller, _) => New(caller, []));
        library.Pure("blob", 1, Kinds.Integer, (caller, a) => Filled(caller, a[0].AsInteger(), 0));
        library.Pure("blob", 2, Kinds.Integer, (caller, a) =>
            a[1].TryAsInteger(out var octet) ? Filled(caller, a[0].AsInteger(), octet) : caller.WrongType(a[1], "i64"));
        library.Property("len", Blob, (_, a) => Completion.Of((long)a[0].AsBlob().Bytes.Length));
        library.Property("is_empty", Blob, (_, a) => Completion.Of(a[0].AsBlob().Bytes.IsEmpty));
        library.Pure("get", 2, Blob, Get);
        library.Pure("to_array", 1, Blob, (caller, a) =>
            caller.Array([.. a[0].AsBlob().Bytes.ToArray().Select(b => Value.From((long)b))]));
        library.Pure("as_string", 1, Blob, (caller, a) => caller.Text(Encoding.UTF8.GetString(a[0].AsBlob().Bytes.Span)));
        library.Mutating("push", 2, Blob, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            a[0].TryAsInteger(out var octet) ? Append(caller, ref s, [(byte)octet]) : caller.WrongType(a[0], "i64"));
        library.Mutating("append", 2, Blob, (Caller caller, ref Value s, ReadOnlySpan<Value> a) =>
            Append(caller, ref s, BytesOf(a[0])));
    }

    public static Completion New(Caller caller, byte[] bytes) =>
        caller.Budget.ChargeBytes(bytes.Length) is { } spent ? Completion.Fail(spent) : Completion.Of(new VslBlob(bytes));

    private static Completion Filled(Caller caller, long length, long octet)
    {
        if (caller.Budget.ChargeBytes(Math.Max(0, length)) is { } spent) return Completion.Fail(spent);
        var bytes = new byte[Math.Max(0, length)];
        bytes.AsSpan().Fill((byte)octet);
        return Completion.Of(new VslBlob(bytes));
    }

    private static Completion Get(Caller caller, ReadOnlySpan<Value> a)
    {
        if (!a[1].TryAsInteger(out var index)) return caller.WrongType(a[1], "i64");
        var bytes = a[0].AsBlob().Bytes.Span;
        return Indexing.TryResolve(index, bytes.Length, out var at) ? Completion.Of((long)bytes[at]) : Completion.Unit;
    }

    private static byte[] BytesOf(in Value value) =>
        value.Kind is ValueKind.Blob ? value.AsBlob().Bytes.ToArray() : Encoding.UTF8.GetBytes(value.ToText());

    private static Completion Append(Caller caller, ref Value target, byte[] added)
    {
        var joined = New(caller, [.. target.AsBlob().Bytes.Span, .. added]);
        if (!joined.IsValue) return joined;
        target = joined.Value;
        return Completion.Unit;
    }
}

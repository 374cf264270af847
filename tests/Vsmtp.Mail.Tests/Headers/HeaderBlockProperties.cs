using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Mail.Tests.Headers;

/// <summary>What holds for any bytes; the generator favours those that the format is made of.</summary>
public sealed class HeaderBlockProperties
{
    private static readonly Arbitrary<byte[]> Bytes = Gen.Frequency(
            (4, Gen.Elements("\r\n"u8.ToArray(), "\r\n\r\n"u8.ToArray(), "\n"u8.ToArray(), "\r"u8.ToArray())),
            (4, Gen.Elements("Name: value"u8.ToArray(), "X-A:"u8.ToArray(), "x-a: 1"u8.ToArray(), " folded"u8.ToArray(), "\t"u8.ToArray())),
            (2, Gen.Choose(0, 255).Select(octet => new[] { (byte)octet })))
        .ListOf().Select(parts => parts.SelectMany(part => part).ToArray()).ToArbitrary();

    [Fact]
    public void What_was_parsed_is_what_is_written() => Check(bytes =>
    {
        var block = HeaderBlock.Parse(bytes);
        return block.ToArray().AsSpan().SequenceEqual(bytes.AsSpan(0, block.ParsedBytes)) && block.Length == block.ParsedBytes;
    });

    [Fact]
    public void Nothing_is_left_behind_but_a_body() => Check(bytes =>
    {
        var block = HeaderBlock.Parse(bytes);
        return block.HasEmptyLine || block.ParsedBytes == bytes.Length;
    });

    [Fact]
    public void Prepend_leaves_all_other_bytes_alone() => Check(bytes =>
    {
        var block = HeaderBlock.Parse(bytes);
        block.Prepend("X-New", "v");
        return block.ToArray().AsSpan().SequenceEqual([.. "X-New: v\r\n"u8, .. bytes.AsSpan(0, block.ParsedBytes)]);
    });

    [Fact]
    public void Remove_takes_one_field_and_leaves_all_other_bytes_alone() => Check(bytes =>
    {
        var block = HeaderBlock.Parse(bytes);
        var index = block.Fields.ToList().FindIndex(line => line.Name.Equals("x-a", StringComparison.OrdinalIgnoreCase));
        var others = block.Fields.Where((_, i) => i != index).SelectMany(line => line.Raw.ToArray()).ToList();
        var wasThere = block.Remove("X-A");
        var end = block.HasEmptyLine ? bytes.AsSpan(0, block.ParsedBytes) : default;
        return wasThere == index >= 0 && block.ToArray().AsSpan().StartsWith(others.ToArray())
            && block.Length - others.Count <= 2 && end.EndsWith(block.ToArray().AsSpan(others.Count));
    });

    [Fact]
    public void Set_gives_the_value_to_the_first_field_and_leaves_all_other_bytes_alone() => Check(bytes =>
    {
        var block = HeaderBlock.Parse(bytes);
        var before = block.Fields.Select(line => line.Raw.ToArray()).ToList();
        var index = block.Fields.ToList().FindIndex(line => line.Name.Equals("x-a", StringComparison.OrdinalIgnoreCase));
        block.Set("X-A", "new value");
        var after = block.Fields.Select(line => line.Raw.ToArray()).ToList();
        if (index < 0) return block.Get("X-A") == "new value" && after.Count == before.Count + 1;
        return block.Get("X-A") == "new value" && after.Count == before.Count
            && before.Zip(after).Select((pair, i) => i == index || pair.First.AsSpan().SequenceEqual(pair.Second)).All(same => same);
    });

    [Fact]
    public void A_block_written_with_a_field_added_reads_the_same_again() => Check(bytes =>
    {
        var block = HeaderBlock.Parse(bytes);
        block.Append("X-New", "v");
        block.EnsureEmptyLine();
        var again = HeaderBlock.Parse(block.ToArray());
        return again.Get("X-New") is not null && again.HasEmptyLine && again.ParsedBytes == block.Length
            && again.Fields.Count == block.Fields.Count;
    });

    private static void Check(Func<byte[], bool> property) =>
        Prop.ForAll(Bytes, property).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60));
}

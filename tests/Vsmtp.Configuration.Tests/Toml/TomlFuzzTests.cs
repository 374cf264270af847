using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Configuration.Toml;
using Vsmtp.Configuration.Writing;

namespace Vsmtp.Configuration.Tests.Toml;

public sealed class TomlFuzzTests
{
    // What documents are made of, so that random ones get past the first character.
    private static readonly string[] Pieces =
    [
        "a", "b.c", "\"q\"", "'l'", " ", "\t", "\n", "\r\n", "=", " = ", ".", ",", "[", "]", "[[", "]]", "{", "}", "#", "# c\n", "\"", "'", "\"\"\"",
        "'''", "\\", "\\n", "\\u00e9", "\\u", "1", "-1", "+", "0x1f", "1.5", "1e9", "inf", "true", "1979-05-27", "07:32:00", "T", "Z", ":", "_", "é", "🙂",
        "\0", "\r", "\u007f", "\uFEFF", "[a]\n", "a = 1\n", "x = [1,\n2]\n", "y = {z = 1}\n",
    ];

    [Fact]
    public void Any_bytes_give_a_document_and_places_inside_it() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => IsSound(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Any_pieces_of_toml_give_a_document_and_places_inside_it()
    {
        var documents = Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary();
        Prop.ForAll(documents, text => IsSound(System.Text.Encoding.UTF8.GetBytes(text))).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
    }

    [Fact]
    public void A_good_document_with_one_byte_changed_gives_a_document_and_places_inside_it()
    {
        var good = System.Text.Encoding.UTF8.GetBytes(ConfigurationWriter.ToToml(new VsmtpConfiguration()));
        var changes = Gen.Choose(0, good.Length - 1).Zip(Gen.Choose(0, 255)).ToArbitrary();
        Prop.ForAll(changes, change =>
        {
            var bytes = (byte[])good.Clone();
            bytes[change.Item1] = (byte)change.Item2;
            return IsSound(bytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Any_text_can_be_a_key_and_a_value()
    {
        var texts = ArbMap.Default.ArbFor<string>().Generator.Where(t => t is not null && System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(t)) == t);
        Prop.ForAll(texts.Zip(texts).ToArbitrary(), pair =>
        {
            var written = TomlWriter.Write(new Dictionary<string, object?> { [pair.Item1] = pair.Item2 });
            var document = TomlReader.Read(System.Text.Encoding.UTF8.GetBytes(written), "f");
            return document.Faults.IsEmpty && document.Root.Find(pair.Item1)?.Value is TomlString read && read.Value == pair.Item2;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("a = [")]
    [InlineData("a = {b = ")]
    [InlineData("[\n")]
    [InlineData("a = [\n")]
    [InlineData("a.")]
    [InlineData("a\n")]
    [InlineData("\"")]
    [InlineData("'''")]
    [InlineData("a = \"\"\"\n")]
    [InlineData("a = [[1],\n")]
    [InlineData("\\")]
    [InlineData("#")]
    [InlineData("\r")]
    [InlineData("a = 1\n")]
    [InlineData("x = [{}, \n\n\n")]
    [InlineData("1_")]
    [InlineData("\0")]
    public void The_same_piece_many_times_takes_no_long_time(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 20_000 / piece.Length));
        foreach (var document in new[] { text, "k = " + text, "[t]\nk = [" + text })
        {
            var watch = Stopwatch.StartNew();
            Assert.True(IsSound(System.Text.Encoding.UTF8.GetBytes(document)));
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed} for {piece}");
        }
    }

    [Theory]
    [InlineData(64, 0)]
    [InlineData(65, 1)]
    [InlineData(100_000, 1)]
    public void Brackets_nest_64_deep_and_no_deeper(int depth, int faults)
    {
        foreach (var (open, close) in new[] { ("[", "]"), ("{a=", "}") })
        {
            var text = "k = " + string.Concat(Enumerable.Repeat(open, depth)) + (open == "[" ? "" : "1") + string.Concat(Enumerable.Repeat(close, depth));
            Assert.Equal(faults, TomlReader.Read(System.Text.Encoding.UTF8.GetBytes(text), "f").Faults.Length);
        }
    }

    [Fact]
    public void A_key_has_at_most_64_parts()
    {
        string Key(int parts) => string.Join('.', Enumerable.Repeat("a", parts));
        Assert.Empty(TomlReader.Read(System.Text.Encoding.UTF8.GetBytes(Key(64) + " = 1"), "f").Faults);
        Assert.Equal("a key has at most 64 parts", Assert.Single(TomlReader.Read(System.Text.Encoding.UTF8.GetBytes(Key(65) + " = 1"), "f").Faults).Message);
        Assert.Equal("a key has at most 64 parts", Assert.Single(TomlReader.Read(System.Text.Encoding.UTF8.GetBytes($"[{Key(65)}]"), "f").Faults).Message);
    }

    [Fact]
    public void The_number_of_faults_is_bounded()
    {
        var faults = TomlReader.Read(System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a\n", 10_000))), "f").Faults;
        Assert.InRange(faults.Length, 100, 101);
    }

    private static bool IsSound(byte[] bytes)
    {
        var document = TomlReader.Read(bytes, "f");
        var lines = bytes.Count(b => b == '\n') + 1;
        Assert.All(document.Faults, f =>
        {
            Assert.InRange(f.Line, 1, lines);
            Assert.True(f.Column >= 1 && (f.SourceLine is null || f.Column <= f.SourceLine.Length + 2), f.ToString());
        });
        // The whole of it must be readable as a configuration too, without an exception.
        _ = ConfigurationReader.ReadText(System.Text.Encoding.UTF8.GetString(bytes), "/f.toml", [], _ => null).Faults.Select(f => f.ToString()).ToList();
        return true;
    }
}

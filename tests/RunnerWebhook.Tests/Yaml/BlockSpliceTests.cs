using Xunit;
using static RunnerWebhook.Tests.Yaml.PatchScript;

namespace RunnerWebhook.Tests.Yaml;

public sealed class BlockSpliceTests
{
    [Theory]
    [InlineData("a:\n  b: 1\nc: 2\n", "/a/x", "a:\n  b: 1\n  x: 9\nc: 2\n")]
    [InlineData("a:\n    b: 1\nc: 2\n", "/a/x", "a:\n    b: 1\n    x: 9\nc: 2\n")]
    [InlineData("a:\n  b: 1 # why\n\n# next\nc: 2\n", "/a/x", "a:\n  b: 1 # why\n  x: 9\n\n# next\nc: 2\n")]
    [InlineData("a:\n  b: |\n    t\n\n\nc: 2\n", "/a/x", "a:\n  b: |\n    t\n  x: 9\n\n\nc: 2\n")]
    [InlineData("a:\n  b: |+\n    t\n\n\nc: 2\n", "/a/x", "a:\n  b: |+\n    t\n\n\n  x: 9\nc: 2\n")]
    [InlineData("a:\n  b: >-\n    t\n    u\n\nc: 2\n", "/a/x", "a:\n  b: >-\n    t\n    u\n  x: 9\n\nc: 2\n")]
    [InlineData("a:\n  b: >+\n    t\n\nc: 2\n", "/a/x", "a:\n  b: >+\n    t\n\n  x: 9\nc: 2\n")]
    [InlineData("a:\n  b: |\n    t\n       \nc: 2\n", "/a/x", "a:\n  b: |\n    t\n       \n  x: 9\nc: 2\n")]
    [InlineData("a:\n  b: | # c\n\nc: 2\n", "/a/x", "a:\n  b: | # c\n  x: 9\n\nc: 2\n")]
    [InlineData("a:\n  b:\nc: 2\n", "/a/x", "a:\n  b:\n  x: 9\nc: 2\n")]
    [InlineData("a:\n  b: ~ # none\nc: 2\n", "/a/x", "a:\n  b: ~ # none\n  x: 9\nc: 2\n")]
    [InlineData("a:\n  b: !!str\nc: 2\n", "/a/x", "a:\n  b: !!str\n  x: 9\nc: 2\n")]
    [InlineData("a:\n  b: &q\nc: 2\n", "/a/x", "a:\n  b: &q\n  x: 9\nc: 2\n")]
    [InlineData("a:\n  b: one\n    two\nc: 2\n", "/a/x", "a:\n  b: one\n    two\n  x: 9\nc: 2\n")]
    [InlineData("a:\n  b: \"one\n    two\"\nc: 2\n", "/a/x", "a:\n  b: \"one\n    two\"\n  x: 9\nc: 2\n")]
    [InlineData("a:\n  b: {c: 1,\n    d: 2}\nc: 2\n", "/a/x", "a:\n  b: {c: 1,\n    d: 2}\n  x: 9\nc: 2\n")]
    [InlineData("a:\n  - b: 1\n  - c: 2\n", "/a/0/x", "a:\n  - b: 1\n    x: 9\n  - c: 2\n")]
    [InlineData("a:\n-   b: 1\n", "/a/0/x", "a:\n-   b: 1\n    x: 9\n")]
    [InlineData("a:\n  b:\n  - 1\n  -\nc: 2\n", "/a/x", "a:\n  b:\n  - 1\n  -\n  x: 9\nc: 2\n")]
    [InlineData("a:\n  b: *q\nq: 1\n", "/a/x", null)]
    [InlineData("a: 1", "/x", "a: 1\nx: 9")]
    [InlineData("a: 1 # c", "/x", "a: 1 # c\nx: 9")]
    [InlineData("a: 1  ", "/x", "a: 1  \nx: 9")]
    [InlineData("a: 1\r\nb: 2\r\n", "/x", "a: 1\r\nb: 2\r\nx: 9\r\n")]
    [InlineData("a: 1\r\nb: 2", "/x", "a: 1\r\nb: 2\r\nx: 9")]
    [InlineData("a:\r  b: 1\rc: 2\r", "/a/x", "a:\r  b: 1\r  x: 9\rc: 2\r")]
    [InlineData("a:\r  b\r\n\n", "/x", "a:\r  b\r\nx: 9\n\n")]
    [InlineData("--- # doc\na: 1\n...\n", "/x", "--- # doc\na: 1\nx: 9\n...\n")]
    [InlineData("%YAML 1.1\n---\na: 1\n# end\n", "/x", "%YAML 1.1\n---\na: 1\nx: 9\n# end\n")]
    [InlineData("\uFEFFa: 1\n", "/x", "\uFEFFa: 1\nx: 9\n")]
    [InlineData("? a\n: 1\nb: 2\n", "/x", null)]
    [InlineData("a:\n  b: |-\n    t", "/a/x", "a:\n  b: |-\n    t\n  x: 9")]
    [InlineData("a:\n  b: |\n    t", "/a/x", "a:\n  b: |\n    t\n  x: 9")]
    [InlineData("a:\n  b: >+\n    t", "/a/x", "a:\n  b: >+\n    t\n  x: 9")]
    public void Add_ToBlockMapping_InsertsLineAfterLastChild(string text, string path, string? expected)
    {
        if (expected is null)
        {
            Assert.False(YamlSplices(text, path));
            return;
        }

        Assert.Equal(expected, ThereAndBack(text, Add(path, "9")));
    }

    [Theory]
    [InlineData("a:\n- 1\n- 2\nb: 3\n", "/a/-", "a:\n- 1\n- 2\n- 9\nb: 3\n")]
    [InlineData("a:\n  - 1\n  - 2\nb: 3\n", "/a/-", "a:\n  - 1\n  - 2\n  - 9\nb: 3\n")]
    [InlineData("a:\n    - 1 # c\n\nb: 3\n", "/a/-", "a:\n    - 1 # c\n    - 9\n\nb: 3\n")]
    [InlineData("a:\n- 1\n- 2\n", "/a/0", "a:\n- 9\n- 1\n- 2\n")]
    [InlineData("a: # head\n# first\n- 1\n", "/a/0", "a: # head\n- 9\n# first\n- 1\n")]
    [InlineData("a:\n- 1 # one\n# two\n- 2\n", "/a/1", "a:\n- 1 # one\n- 9\n# two\n- 2\n")]
    [InlineData("a:\n- b: 1\n  c:\n  - 2\n", "/a/-", "a:\n- b: 1\n  c:\n  - 2\n- 9\n")]
    [InlineData("a:\n-\n  b: 1\n-\n", "/a/-", "a:\n-\n  b: 1\n-\n- 9\n")]
    [InlineData("a:\n- # x\n  b: 1\n", "/a/0", "a:\n- 9\n- # x\n  b: 1\n")]
    [InlineData("a:\n- - 1\n  - 2\n", "/a/0/0", "a:\n- - 9\n  - 1\n  - 2\n")]
    [InlineData("a:\n- - 1\n  - 2\n", "/a/0/-", "a:\n- - 1\n  - 2\n  - 9\n")]
    [InlineData("# head\n- 1\n", "/0", "# head\n- 9\n- 1\n")]
    [InlineData("a:\n- 1", "/a/-", "a:\n- 1\n- 9")]
    [InlineData("a: &x\n- 1\n", "/a/0", "a: &x\n- 9\n- 1\n")]
    [InlineData("a:\n  &x\n  - 1\n", "/a/-", "a:\n  &x\n  - 1\n  - 9\n")]
    public void Add_ToBlockSequence_InsertsLine(string text, string path, string expected) =>
        Assert.Equal(expected, ThereAndBack(text, Add(path, "9")));

    [Theory]
    [InlineData("s:\n  a:\n  - 1\n", "/s/x", """[{"k":1,"m":[2,[3]]},[4]]""",
        "s:\n  a:\n  - 1\n  x:\n  - k: 1\n    m:\n    - 2\n    - - 3\n  - - 4\n")]
    [InlineData("s:\n  a:\n    - 1\n", "/s/x", """[{"k":{"m":1}}]""",
        "s:\n  a:\n    - 1\n  x:\n    - k:\n        m: 1\n")]
    [InlineData("s:\n    a: 1\n", "/s/x", """{"k":{"m":[1]}}""",
        "s:\n    a: 1\n    x:\n        k:\n            m:\n              - 1\n")]
    [InlineData("a: 1\n", "/x", """{"e":{},"l":[],"s":"","k":null,"t":true}""",
        "a: 1\nx:\n  e: {}\n  l: []\n  s: \"\"\n  k: null\n  t: true\n")]
    [InlineData("a: 1\n", "/x", "\"one\\ntwo\\n\"", "a: 1\nx: |\n  one\n  two\n")]
    [InlineData("a: 1\n", "/x", "\"one\\n\\ntwo\"", "a: 1\nx: |-\n  one\n\n  two\n")]
    [InlineData("a: 1", "/x", "\"one\\ntwo\\n\"", "a: 1\nx: \"one\\ntwo\\n\"")]
    [InlineData("a: 1\r\n", "/x", "\"one\\ntwo\\n\"", "a: 1\r\nx: |\r\n  one\r\n  two\r\n")]
    [InlineData("a:\n- 1\n", "/a/-", "\"#!/bin/sh\\n  two\\n\"", "a:\n- 1\n- |\n  #!/bin/sh\n    two\n")]
    [InlineData("a: 1\n", "/x", "\"one\\n\\n\"", "a: 1\nx: \"one\\n\\n\"\n")]
    [InlineData("a: 1\n", "/x", "\" one\\ntwo\"", "a: 1\nx: \" one\\ntwo\"\n")]
    [InlineData("a: 1\n", "/x", "\"one \\ntwo\"", "a: 1\nx: \"one \\ntwo\"\n")]
    [InlineData("a: 1\n", "/x", "\"{\\\"a\\\":1}\"", "a: 1\nx: '{\"a\":1}'\n")]
    [InlineData("a: 1\n", "/x", "\"{\\\"a\\\":\\\"it's\\\"}\"", "a: 1\nx: '{\"a\":\"it''s\"}'\n")]
    [InlineData("a: 1\n", "/runner.x~1y", "1", "a: 1\nrunner.x/y: 1\n")]
    [InlineData("a: 1\n", "/yes", "1", "a: 1\n\"yes\": 1\n")]
    public void Add_OfValue_IsWrittenInTheStyleOfTheFile(string text, string path, string json, string expected) =>
        Assert.Equal(expected, ThereAndBack(text, Add(path, json)));

    [Theory]
    [InlineData("s:\n  v:\n  w: 1\n", "s:\n  v:\n    - k: 1\n  w: 1\n")]
    [InlineData("s:\n  v: # c\n  w: 1\n", "s:\n  v: # c\n    - k: 1\n  w: 1\n")]
    [InlineData("s:\n  v: ~\n  w: 1\n", "s:\n  v: #~\n    - k: 1\n  w: 1\n")]
    [InlineData("s:\n  v: null # c\n  w: 1\n", "s:\n  v: #null # c\n    - k: 1\n  w: 1\n")]
    [InlineData("s:\n  v:   Null\n", "s:\n  v:   #Null\n    - k: 1\n")]
    [InlineData("s:\n  v:", "s:\n  v:\n    - k: 1")]
    [InlineData("s:\n  v: ~", "s:\n  v: #~\n    - k: 1")]
    [InlineData("s:\r\n  v:\r\n", "s:\r\n  v:\r\n    - k: 1\r\n")]
    public void Replace_OfNullByList_IsUndoneToTheSameNull(string text, string expected) =>
        Assert.Equal(expected, ThereAndBack(text, Replace("/s/v", """[{"k":1}]""")));

    [Theory]
    [InlineData("- \n- 2\n", "- \n  k: 1\n  m: 2\n- 2\n")]
    [InlineData("-\n- 2\n", "- k: 1\n  m: 2\n- 2\n")]
    [InlineData("- ~ # c\n- 2\n", "- #~ # c\n  k: 1\n  m: 2\n- 2\n")]
    public void Replace_OfNullItemByMapping_IsUndone(string text, string expected) =>
        Assert.Equal(expected, ThereAndBack(text, Replace("/0", """{"k":1,"m":2}""")));

    [Theory]
    [InlineData("v: a # c\n", "\"b\"", "v: b # c\n")]
    [InlineData("v:   \"a\"\n", "\"yes\"", "v:   \"yes\"\n")]
    [InlineData("v: 'a'\n", "\"it's\"", "v: 'it''s'\n")]
    [InlineData("v: a\n", "\"yes\"", "v: \"yes\"\n", false)]
    [InlineData("v: 1\n", "2.50", "v: 2.50\n")]
    [InlineData("v:\n  a # c\n", "\"b\"", "v:\n  b # c\n")]
    [InlineData("v:\n", "\"b\"", "v: b\n")]
    [InlineData("v:  # c\n", "\"b\"", "v: b  # c\n")]
    [InlineData("v:   ~  # c\n", "\"b\"", "v: b   #~  # c\n")]
    [InlineData("v: ~\n", "\"one\\ntwo\\n\"", "v: \"one\\ntwo\\n\" #~\n")]
    [InlineData("v: |\n  a\n  b\nw: 1\n", "\"c\\nd\\n\"", "v: |\n  c\n  d\nw: 1\n")]
    [InlineData("v: a # c\nw: 1\n", "[1]", "v: # c\n  - 1\nw: 1\n")]
    [InlineData("v: a\nw: 1\n", "{}", "v: {}\nw: 1\n")]
    [InlineData("v: # c\n  - 1\nw: 1\n", "[2,3]", "v: # c\n  - 2\n  - 3\nw: 1\n")]
    [InlineData("v: # c\n  - 1\nw: 1\n", "\"a\"", "v: a # c\nw: 1\n")]
    [InlineData("v: # c\n  - 1\nw: 1\n", "[]", "v: [] # c\nw: 1\n", false)]
    [InlineData("v: [1, 2] # c\n", "[3]", "v: [3] # c\n")]
    [InlineData("v: [] # c\n", "[3]", "v: [3] # c\n")]
    public void Replace_OfValue_ChangesOnlyItsText(string text, string json, string expected, bool isUndone = true) =>
        Assert.Equal(expected,
            isUndone ? ThereAndBack(text, Replace("/v", json)) : Splice(text, Replace("/v", json)));

    [Theory]
    [InlineData("a:\n  b: 1 # x\n# y\nc: 2\n", "/a/b", "a: {}\n# y\nc: 2\n")]
    [InlineData("a: # x\n  # y\n  b: 1\nc: 2\n", "/a/b", "a: {} # x\n  # y\nc: 2\n")]
    [InlineData("a:\n- 1\nc: 2\n", "/a/0", "a: []\nc: 2\n")]
    [InlineData("- a: 1\n- 2\n", "/0/a", "- {}\n- 2\n")]
    [InlineData("- - 1\n- 2\n", "/0/0", "- []\n- 2\n")]
    [InlineData("- a: 1\n  b: 2\n", "/0/a", "- b: 2\n")]
    [InlineData("- - 1\n  - 2\n", "/0/0", "- - 2\n")]
    [InlineData("a: 1\n", "/a", "{}\n")]
    [InlineData("a: |\n  x\nb: 1", "/b", "a: |\n  x")]
    [InlineData("a: 1\nb: 1", "/b", "a: 1")]
    [InlineData("a: 1\r\nb: 1", "/b", "a: 1")]
    [InlineData("a: &x\n  b: 1\n", "/a/b", "a: &x\n  {}\n")]
    [InlineData("a: 1\nb: # x\n  - 1\n  # y\n  - 2\n# z\nc: 1\n", "/b", "a: 1\n# z\nc: 1\n")]
    public void Remove_FromBlock_TakesWholeLines(string text, string path, string expected) =>
        Assert.Equal(expected, Splice(text, Remove(path)));

    [Theory]
    [InlineData("a: &x\n  b: 1\nc: *x\n", "/c/y", 3)]
    [InlineData("a: &x\n  b: 1\nc: *x\n", "/a/y", 1)]
    [InlineData("a: &x\n  b: {}\nc: *x\n", "/a/b/y", 2)]
    [InlineData("a: &x\n  b: {}\nc:\n  <<: *x\n", "/c/b/y", 2)]
    [InlineData("a: &x\n  b: {}\nc:\n  <<: *x\n", "/c/b", 2)]
    [InlineData("a: 1\n", "/b/c", 1)]
    [InlineData("a: 1\n", "/a/c", 1)]
    [InlineData("a:\n- 1\n", "/a/7", 2)]
    [InlineData("a:\n- 1\n", "/a/x", 2)]
    [InlineData("a: 1\n", "", 1)]
    public void Add_WhereItWouldReachFurther_IsRefusedWithPosition(string text, string path, int line)
    {
        var error = Refuse(text, Add(path, "9"));

        Assert.Equal(line, error.Line);
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void Add_BesideAliasAndMerge_IsDone() => Assert.Equal(
        "a: &x\n  b: 1\nc:\n  <<: *x\n  d: *x\n  z: 9\n",
        ThereAndBack("a: &x\n  b: 1\nc:\n  <<: *x\n  d: *x\n", Add("/c/z", "9")));

    [Fact]
    public void Splice_OfSeveralDocuments_ChangesOnlyThose()
    {
        var text = "# one\na: 1\n---\n# empty\n---\nb: 2\n...\n# three\n---\nc: 3";
        var patches = new Dictionary<int, System.Collections.Immutable.ImmutableArray<Core.Json.PatchOperation>>
        {
            [0] = [Add("/x", "9")],
            [2] = [Add("/x", "9")],
        };

        var spliced = Parse(text).Splice(patches, out _);

        Assert.Equal("# one\na: 1\nx: 9\n---\n# empty\n---\nb: 2\n...\n# three\n---\nc: 3\nx: 9", spliced);
    }

    [Fact]
    public void Splice_LikeAnInjection_ReadsAsIfWrittenByHand()
    {
        const string Text = """
            # The runner of team a.
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: runner   # do not rename
              labels: {app: runner}
            spec:
              template:
                metadata:
                  annotations:
                    note: "yes"
                spec:
                  containers:
                  - name: runner
                    image: gitlab/gitlab-runner:v17
                    args: [run]

                  # no volumes yet
                  volumes: []

            """;

        var spliced = ThereAndBack(
            Text,
            Add("/spec/template/metadata/annotations/runner.example~1status", "\"{\\\"v\\\":1}\""),
            Add("/spec/template/spec/initContainers", """
                [{"name":"register","image":"gitlab/gitlab-runner:v17","command":["/bin/sh","-c","set -e\nregister\n"],
                "resources":{"limits":{"cpu":"100m","memory":"64Mi"}},"volumeMounts":[]}]
                """),
            Add("/spec/template/spec/containers/0/volumeMounts", """[{"name":"config","mountPath":"/etc/x"}]"""),
            Add("/spec/template/spec/volumes/-", """{"name":"config","emptyDir":{"medium":"Memory"}}"""));

        Assert.Equal("""
            # The runner of team a.
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: runner   # do not rename
              labels: {app: runner}
            spec:
              template:
                metadata:
                  annotations:
                    note: "yes"
                    runner.example/status: '{"v":1}'
                spec:
                  containers:
                  - name: runner
                    image: gitlab/gitlab-runner:v17
                    args: [run]
                    volumeMounts:
                    - name: config
                      mountPath: /etc/x

                  # no volumes yet
                  volumes: [{name: config, emptyDir: {medium: Memory}}]
                  initContainers:
                  - name: register
                    image: gitlab/gitlab-runner:v17
                    command:
                    - /bin/sh
                    - -c
                    - |
                      set -e
                      register
                    resources:
                      limits:
                        cpu: 100m
                        memory: 64Mi
                    volumeMounts: []

            """, spliced);
    }

    private static bool YamlSplices(string text, string path)
    {
        var file = RunnerWebhook.Yaml.YamlFile.Parse(text, out _);
        return file?.Splice(
            new Dictionary<int, System.Collections.Immutable.ImmutableArray<Core.Json.PatchOperation>>
            {
                [0] = [Add(path, "9")],
            },
            out _) is not null;
    }
}

